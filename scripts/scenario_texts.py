"""Sentences for make_scenarios.py: by kind of act, and shared ones. Invented; braces are filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Category:
    """One kind of act: SKB rows before and after determination, and what is said about it."""

    row_before: tuple[str, str]
    row_after: tuple[str, str]
    media: tuple[str, ...] = ("Facebook", "Instagram", "TikTok", "X")
    incidents: tuple[str, ...]
    places: tuple[str, ...]
    chronologies: tuple[str, ...]
    exhibits: tuple[str, ...]
    statements: tuple[str, ...]
    facts: tuple[str, ...]
    acts: tuple[str, ...]
    analyses: tuple[str, ...]
    questions: tuple[tuple[str, tuple[str, ...]], ...]
    findings: tuple[str, ...]
    proven: tuple[str, ...]


ONLINE_QUESTIONS = (
    ("Akun tersebut milik siapa dan siapa yang memakainya?", ("Milik saya sendiri, tidak ada orang lain.", "Milik saya; kadang telepon dipegang anak, tetapi unggahan itu saya yang membuat.", "Akun saya sejak kuliah, kata sandinya hanya saya yang tahu.")),
    ("Pada waktu itu Saudara sedang berada di mana?", ("Di rumah, di luar jam kerja.", "Di warung dekat rumah, malam hari.", "Dalam perjalanan pulang dari kantor.")),
    ("Apakah unggahan itu dapat dilihat umum?", ("Ya, pengaturannya terbuka.", "Terbuka untuk teman, tetapi teman saya banyak.", "Saya baru tahu ternyata terbuka untuk umum.")),
    ("Apakah unggahan itu masih ada?", ("Sudah saya hapus hari berikutnya.", "Sudah dihapus setelah menerima undangan Bawaslu.", "Masih ada sampai saya ditegur atasan, lalu saya hapus.")),
    ("Apakah Saudara memakai perangkat atau jaringan kantor?", ("Tidak, telepon dan paket data sendiri.", "Tidak sama sekali.", "Memakai telepon sendiri, tetapi tersambung ke jaringan kantor.")),
)  # fmt: skip
FIELD_QUESTIONS = (
    ("Siapa yang mengundang atau mengajak Saudara?", ("Kerabat yang menjadi panitia.", "Ketua lingkungan, lewat pesan singkat.", "Tidak ada, saya datang sendiri karena dekat rumah.")),
    ("Apakah Saudara mengenakan atribut?", ("Tidak, pakaian biasa.", "Saya diberi kaus dan memakainya sebentar.", "Hanya topi dari panitia.")),
    ("Apakah Saudara memakai kendaraan atau fasilitas dinas?", ("Tidak, motor sendiri.", "Tidak.", "Saya berangkat dari kantor dengan motor pribadi.")),
    ("Siapa saja pegawai lain yang ikut?", ("Setahu saya tidak ada.", "Ada seorang rekan, tetapi ia hanya lewat.", "Saya tidak memperhatikan.")),
    ("Apa yang Saudara lakukan di sana?", ("Duduk, menyimak, lalu ikut berfoto.", "Membantu menata kursi dan menyambut tamu.", "Ikut bertepuk tangan dan menyebut nomor urut.")),
)  # fmt: skip

CATEGORIES: dict[str, Category] = {
    "medsos": Category(
        row_before=("A2", "PROSPECTIVE"), row_after=("B2", "CANDIDATE"), media=("Facebook", "TikTok", "WhatsApp", "X"),
        incidents=("mengajak memilih {target} lewat unggahan di {media}", "menyebarkan poster dukungan {target} di {media}", "membuat siaran singkat yang mempromosikan {target} di {media}", "meneruskan rangkaian pesan ajakan mendukung {target} di {media}"),
        places=("{media}", "{media}, akun pribadi terlapor", "Grup {media} pegawai dan warga"),
        chronologies=("Pada {hari}, {tanggal} pukul {jam} WIB akun terlapor memuat ajakan mendukung {target} disertai gambar.", "Terlapor menyebarkan poster {target} melalui {media} pada {hari} pukul {jam} WIB; dua puluh orang lebih menanggapi.", "Sebuah video pendek berisi pujian dan ajakan bagi {target} diunggah terlapor pada {tanggal} dan dibagikan berulang."),
        exhibits=("Tangkapan layar unggahan {tanggal}", "Cetakan rangkaian pesan pukul {jam}", "Rekaman layar video pendek"),
        statements=("Saya hanya meneruskan kiriman dari teman tanpa membaca sampai selesai.", "Saya membuat unggahan itu karena mengagumi programnya.", "Unggahan itu benar dari akun saya, semula hanya untuk keluarga."),
        facts=("Akun terlapor memuat ajakan mendukung {target} pada {tanggal}.", "Poster {target} disebarkan terlapor melalui {media}.", "Video ajakan diunggah terlapor dan dapat dilihat umum."),
        acts=("Sosialisasi dan kampanye melalui media sosial.", "Menyebarkan ajakan memilih secara daring."),
        analyses=("Isi unggahan bukan informasi netral melainkan ajakan.", "Jangkauan unggahan melampaui lingkungan keluarga.", "Unggahan dibuat sendiri, bukan sekadar diteruskan."),
        questions=ONLINE_QUESTIONS,
        findings=("Ajakan mendukung {target} melalui {media} terbukti dilakukan terperiksa.", "Terperiksa menyebarkan poster dukungan secara daring dan mengakuinya."),
        proven=("menyebarkan ajakan mendukung {target} melalui media sosial pada tanggal {tanggal}", "mengampanyekan {target} di media sosial pada tanggal {tanggal}"),
    ),
    "suka": Category(
        row_before=("A4", "PROSPECTIVE"), row_after=("B6", "CANDIDATE"),
        incidents=("memberi tanda suka pada akun pemenangan {target} di {media}", "membagikan kiriman akun pemenangan {target}", "mengikuti dan mengomentari akun pemenangan {target} di {media}", "bergabung dalam grup pemenangan {target}"),
        places=("{media}, akun pemenangan", "{media}"),
        chronologies=("Patroli menemukan tanda suka akun terlapor pada unggahan pemenangan {target} tertanggal {tanggal}.", "Akun terlapor mengikuti akun pemenangan {target} dan menulis dua komentar dukungan pada {hari} pukul {jam} WIB.", "Terlapor tercatat sebagai anggota grup pemenangan dan membagikan kirimannya pada {tanggal}."),
        exhibits=("Tangkapan layar tanda suka", "Daftar anggota grup pemenangan", "Tangkapan layar komentar pukul {jam}"),
        statements=("Saya menekan tanda suka karena kebiasaan, tidak bermaksud mendukung.", "Saya mengikuti akun itu untuk mencari informasi.", "Saya dimasukkan ke grup oleh tetangga dan belum sempat keluar."),
        facts=("Tanda suka dan komentar akun terlapor terdapat pada akun pemenangan {target}.", "Terlapor membagikan kiriman akun pemenangan pada {tanggal}."),
        acts=("Memberi tanda suka, komentar, dan membagikan kiriman akun pemenangan.", "Bergabung dan mengikuti akun pemenangan."),
        analyses=("Bentuk perbuatan disebut tegas dalam matriks keputusan bersama.", "Perbuatan lebih dari satu kali sehingga bukan ketidaksengajaan."),
        questions=ONLINE_QUESTIONS,
        findings=("Tanda suka dan komentar pada akun pemenangan {target} terbukti.", "Terperiksa membagikan kiriman akun pemenangan."),
        proven=("memberi tanda suka dan komentar pada akun pemenangan {target} pada tanggal {tanggal}", "membagikan kiriman akun pemenangan {target} pada tanggal {tanggal}"),
    ),
    "kegiatan": Category(
        row_before=("A6", "PROSPECTIVE"), row_after=("B8", "CANDIDATE"), media=("Foto lapangan", "Rekaman video"),
        incidents=("ikut menyelenggarakan pertemuan warga yang memperkenalkan {target}", "membagikan bingkisan bergambar {target}", "mengarahkan warga hadir pada acara {target}", "menjadi penerima tamu pada kegiatan {target}"),
        places=("{tempat}",),
        chronologies=("Pada {hari}, {tanggal} pukul {jam} WIB terlapor menyambut tamu dan membagikan bingkisan pada acara {target} di {tempat}.", "Pengawas kelurahan mencatat terlapor memandu pertemuan warga yang memperkenalkan {target}.", "Terlapor mengumpulkan warga di {tempat} dan meminta mereka mendukung {target}."),
        exhibits=("Foto kegiatan {tanggal}", "Rekaman suara sambutan", "Bingkisan bergambar yang dibagikan"),
        statements=("Saya membantu sebagai warga, bukan sebagai pegawai.", "Saya diminta ketua lingkungan memandu acara.", "Bingkisan itu titipan; saya tidak melihat gambarnya."),
        facts=("Terlapor memandu kegiatan yang memperkenalkan {target} di {tempat}.", "Pembagian bingkisan bergambar {target} oleh terlapor disaksikan pengawas."),
        acts=("Ikut dalam kegiatan yang mengarah kepada keberpihakan.", "Mengadakan pertemuan dan pemberian barang."),
        analyses=("Peran terlapor aktif, bukan sekadar hadir.", "Barang bergambar yang dibagikan menunjukkan keberpihakan."),
        questions=FIELD_QUESTIONS,
        findings=("Peran terperiksa dalam kegiatan {target} terbukti dari foto dan saksi.", "Terperiksa membagikan bingkisan bergambar {target}."),
        proven=("mengadakan kegiatan yang mengarah kepada keberpihakan terhadap {target} pada tanggal {tanggal}", "ikut dalam kegiatan pengenalan {target} pada tanggal {tanggal}"),
    ),
    "foto": Category(
        row_before=("A5", "PROSPECTIVE"), row_after=("B7", "CANDIDATE"),
        incidents=("mengunggah foto bersama {target} dengan simbol jari di {media}", "memasang foto bersama tim pemenangan {target} sebagai gambar profil", "mengunggah swafoto berlatar baliho {target}"),
        places=("{media}, akun pribadi terlapor", "{media}"),
        chronologies=("Foto terlapor bersama {target} dengan simbol jari diunggah pada {hari}, {tanggal} pukul {jam} WIB.", "Gambar profil terlapor sejak {tanggal} memperlihatkan tim pemenangan {target} beratribut.", "Terlapor mengunggah swafoto di depan baliho {target} dan menulis kalimat penyemangat."),
        exhibits=("Tangkapan layar foto bersama", "Cetakan gambar profil", "Tangkapan layar swafoto dan keterangannya"),
        statements=("Foto itu kebetulan bertemu di hajatan.", "Simbol jari itu gaya foto kami sejak dulu.", "Saya berfoto karena bangga bertemu tokoh."),
        facts=("Foto bersama {target} dengan simbol diunggah dan dapat dilihat umum.", "Gambar profil terlapor memuat tim pemenangan beratribut."),
        acts=("Mengunggah foto bersama dengan simbol keberpihakan.", "Memuat foto berlatar alat peraga."),
        analyses=("Simbol jari sama dengan nomor atau tagar pemenangan.", "Keterangan foto menunjukkan tujuan mendukung."),
        questions=ONLINE_QUESTIONS,
        findings=("Unggahan foto bersama {target} dengan simbol terbukti.", "Terperiksa memasang foto tim pemenangan dan mengakuinya."),
        proven=("mengunggah foto bersama {target} dengan simbol dukungan pada tanggal {tanggal}",),
    ),
    "deklarasi": Category(
        row_before=("A3", "PROSPECTIVE"), row_after=("B4", "CANDIDATE"), media=("Foto lapangan", "Siaran langsung"),
        incidents=("menghadiri deklarasi {target} dan ikut meneriakkan dukungan", "naik panggung pada acara {target}", "mengantar rombongan pendukung {target} ke lokasi acara"),
        places=("{tempat}",),
        chronologies=("Siaran langsung acara {target} pada {tanggal} pukul {jam} WIB memperlihatkan terlapor di barisan depan ikut meneriakkan dukungan.", "Terlapor naik panggung pada acara {target} di {tempat} dan mengangkat tangan bersama.", "Terlapor mengantar dua rombongan pendukung {target} ke {tempat} pada {hari}."),
        exhibits=("Cuplikan siaran langsung pukul {jam}", "Foto barisan depan", "Daftar rombongan"),
        statements=("Saya hanya menonton hiburannya.", "Saya didorong maju oleh teman.", "Saya mengantar orang tua saya yang menjadi pendukung."),
        facts=("Terlapor hadir pada acara {target} dan menunjukkan dukungan aktif.", "Terlapor mengantar rombongan pendukung {target}."),
        acts=("Menghadiri deklarasi atau kampanye dan memberi dukungan aktif.",),
        analyses=("Kehadiran disertai sikap mendukung, bukan sekadar menyimak.", "Kehadiran di panggung tidak mungkin tanpa kehendak."),
        questions=FIELD_QUESTIONS,
        findings=("Dukungan aktif terperiksa pada acara {target} terbukti.",),
        proven=("menghadiri deklarasi {target} dan memberikan dukungan secara aktif pada tanggal {tanggal}", "menghadiri acara {target} dan menunjukkan keberpihakan pada tanggal {tanggal}"),
    ),
    "pendekatan": Category(
        row_before=("B3", "PROSPECTIVE"), row_after=("B8", "PARTY"), media=("Laman partai", "Foto lapangan"),
        incidents=("mendekati partai politik untuk dicalonkan tanpa cuti di luar tanggungan negara", "memasang gambar diri sebagai calon dan menghadiri penjaringan partai"),
        places=("Kantor partai politik di Kota Blitar",),
        chronologies=("Laman partai memuat foto terlapor menyerahkan berkas penjaringan pada {hari}, {tanggal}.", "Terlapor menghadiri pemaparan penjaringan partai pada {tanggal} pukul {jam} WIB, masih pada jam kerja."),
        exhibits=("Cetakan laman partai", "Salinan undangan penjaringan"),
        statements=("Saya baru menjajaki dan belum memutuskan maju.", "Saya mengira cuti diurus setelah ada rekomendasi partai."),
        facts=("Terlapor mendaftar pada penjaringan partai tanpa cuti.",),
        acts=("Melakukan pendekatan kepada partai politik tanpa cuti di luar tanggungan negara.",),
        analyses=("Tidak ada permohonan cuti menurut keterangan instansi.",),
        questions=FIELD_QUESTIONS,
        findings=("Pendekatan kepada partai tanpa cuti terbukti.",),
        proven=("melakukan pendekatan kepada partai politik tanpa cuti di luar tanggungan negara pada tanggal {tanggal}",),
    ),
    "spanduk": Category(
        row_before=("A1", "PROSPECTIVE"), row_after=("B1", "CANDIDATE"), media=("Foto lapangan",),
        incidents=("memasang spanduk {target} di depan rumah dinas", "ikut memasang baliho {target}", "menempel stiker {target} pada kendaraan dinas"),
        places=("{tempat}",),
        chronologies=("Pengawas kelurahan memotret terlapor memegang tangga saat spanduk {target} dipasang pada {hari} pukul {jam} WIB.", "Stiker {target} menempel pada kendaraan yang dipakai terlapor sejak {tanggal}."),
        exhibits=("Foto pemasangan {tanggal}", "Foto kendaraan berstiker"),
        statements=("Saya membantu tetangga yang kesulitan memasang.", "Stiker ditempel orang lain tanpa saya ketahui."),
        facts=("Terlapor ikut memasang alat peraga {target}.",),
        acts=("Memasang alat peraga.",),
        analyses=("Foto memperlihatkan terlapor memegang alat peraga.",),
        questions=FIELD_QUESTIONS,
        findings=("Pemasangan alat peraga {target} oleh terperiksa terbukti.",),
        proven=("memasang alat peraga {target} pada tanggal {tanggal}",),
    ),
    "tim": Category(
        row_before=("B9", "PROSPECTIVE"), row_after=("B10", "CANDIDATE"), media=("WhatsApp", "Dokumen tim"),
        incidents=("tercantum sebagai koordinator relawan {target}", "menjadi penyusun bahan kampanye {target}"),
        places=("Grup {media} tim pemenangan", "Posko relawan di {tempat}"),
        chronologies=("Susunan relawan {target} yang beredar pada {tanggal} memuat nama dan nomor telepon terlapor sebagai koordinator.", "Berkas bahan kampanye {target} mencantumkan terlapor sebagai penyusun; berkas terakhir diubah {tanggal} pukul {jam} WIB."),
        exhibits=("Susunan relawan", "Riwayat perubahan berkas"),
        statements=("Nama saya dicantumkan tanpa persetujuan.", "Saya hanya merapikan tulisan atas permintaan saudara."),
        facts=("Nama terlapor tercantum dalam susunan tim {target}.",),
        acts=("Menjadi bagian tim pemenangan.",),
        analyses=("Nomor telepon dan riwayat berkas menguatkan peran terlapor.",),
        questions=ONLINE_QUESTIONS,
        findings=("Peran terperiksa dalam tim {target} terbukti.",),
        proven=("menjadi bagian tim pemenangan {target} pada tanggal {tanggal}",),
    ),
}  # fmt: skip

QUESTIONS: dict[str, Any] = {
    "opening": (
        ("Apakah Saudara menerima surat panggilan dan mengerti maksud pemeriksaan?", ("Ya, saya menerima dan mengerti.", "Sudah menerima tiga hari setelah tanggal surat; saya mengerti.", "Menerima lewat atasan saya dan saya mengerti.")),
        ("Apakah Saudara sehat dan bersedia memberi keterangan yang sebenarnya?", ("Sehat dan bersedia.", "Agak flu, tetapi bersedia.", "Bersedia.")),
    ),
    "closing": (
        ("Apakah Saudara mengetahui aturan netralitas pegawai ASN?", ("Mengetahui secara umum.", "Pernah mendengar saat apel.", "Mengetahui, dan menandatangani pakta integritas.", "Belum memahami rinciannya.")),
        ("Apakah Saudara menyadari akibat perbuatan itu?", ("Menyadari dan menyesal.", "Baru menyadari setelah dipanggil.", "Menyadari.")),
        ("Adakah yang hendak ditambahkan, dan apakah Saudara merasa ditekan?", ("Tidak ada, dan tidak ditekan.", "Saya mohon keringanan; saya tidak ditekan.", "Tambahan akan saya sampaikan dalam dua hari; saya tidak ditekan.")),
    ),
}  # fmt: skip

SHARED: dict[str, Any] = {
    "days": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "kelurahan": ("Gedog", "Rembang", "Klampok", "Plosokerep", "Karangtengah", "Sananwetan", "Bendogerit", "Kepanjenkidul", "Kauman", "Bendo", "Sentul", "Tanggung", "Ngadirejo", "Sukorejo", "Turi", "Blitar", "Pakunden", "Tanjungsari", "Karangsari", "Tlumpu"),
    "places": ("balai warga Kelurahan Gedog", "lapangan Kelurahan Karangsari", "rumah makan di Kecamatan Sukorejo", "gedung serbaguna di Kecamatan Kepanjenkidul", "halaman rumah warga di Kelurahan Bendogerit", "pasar pagi Kelurahan Pakunden", "pendopo warga Kelurahan Tlumpu", "lapangan voli Kelurahan Turi"),
    "found": ("Temuan dicatat petugas dalam laporan hasil pengawasan tanggal {known}.", "Patroli media sosial menemukannya pada {known}.", "Pengawas kelurahan melaporkannya pada {known} dan pleno menetapkannya sebagai temuan."),
    "reported": ("Pelapor mengetahuinya pada {known} dan menyimpan buktinya.", "Pelapor menerima kiriman itu pada {known} dari warga lain.", "Peristiwa diketahui pelapor pada {known}, lalu disampaikan ke Bawaslu."),
    "statement_ends": ("Saya bersedia mengikuti pemeriksaan selanjutnya.", "Saya menyesal dan tidak akan mengulang.", "Selebihnya saya serahkan kepada pimpinan.", "Saya sudah meminta maaf kepada atasan."),
    "intents": ("Kalimat dan simbol yang dipakai menunjukkan maksud mendukung.", "Maksud mendukung tampak dari pengulangan dan pilihan kata.", "Terlapor menyangkal maksud mendukung, tetapi keadaannya menunjukkan sebaliknya."),
    "analyses": ("Keterangan dan bukti saling menguatkan.", "Bukti tangkapan layar sesuai dengan pengakuan.", "Terlapor menyangkal sebagian, namun bukti menunjukkan sebaliknya.", "Waktu perbuatan telah dicocokkan dengan tanggal penetapan calon."),
    "conclude_forward": ("Terdapat dugaan pelanggaran netralitas; berkas diteruskan.", "Unsur terpenuhi, diusulkan untuk diteruskan.", "Patut diteruskan kepada lembaga peninjau."),
    "conclude_dismiss": ("Unsur tidak terpenuhi; diusulkan dihentikan.", "Bukti tidak cukup untuk diteruskan."),
    "review_proven": ("Bukti cukup dan bersesuaian; perbuatan terbukti.", "Setelah diteliti, kepemilikan akun dan waktu perbuatan tidak terbantah.", "Pengakuan didukung bukti; tidak ditemukan alasan pembenar.", "Perbuatan terbukti dengan dampak terbatas pada lingkungan setempat."),
    "review_unproven": ("Bukti tidak menunjukkan pelaku dengan pasti.", "Kehadiran terlapor dapat dijelaskan oleh tugas atau kebetulan.", "Tangkapan layar tidak memuat waktu dan tautan sehingga tidak dapat diuji.", "Akun telah berpindah tangan sebelum perbuatan."),
    "considerations": {
        "MORAL": ("Pelanggaran etik terbukti; disarankan sanksi moral.", "Disarankan sanksi moral dengan memperhatikan sikap kooperatif terlapor."),
        "MINOR": ("Disarankan hukuman disiplin ringan mengingat dampaknya kecil.", "Terbukti; hukuman ringan dipandang memadai."),
        "MODERATE": ("Disarankan hukuman disiplin sedang.", "Terbukti melanggar netralitas; tingkat sedang sesuai dampaknya.", "Hukuman disiplin sedang, dengan pembinaan oleh atasan."),
        "SEVERE": ("Disarankan hukuman disiplin berat.",),
    },
    "rooms": ("Ruang rapat BKPSDM Kota Blitar", "Ruang pemeriksaan BKPSDM", "Ruang rapat {unit}"),
    "cleared_findings": ("Setelah diperiksa, perbuatan yang dituduhkan tidak terbukti.",),
    "aggravating": ("Telah menandatangani pakta integritas.", "Menjadi panutan di lingkungannya.", "", "Dilakukan pada masa pengawasan ketat.", ""),
    "mitigating": ("Mengakui dan menyesal.", "Belum pernah dijatuhi hukuman disiplin.", "Kinerja dua tahun terakhir baik.", "Kooperatif selama pemeriksaan.", "Segera menghapus atau menghentikan perbuatan."),
    "notes": ("Perlu pembanding dari tangkapan layar yang asli.", "Terlapor datang tepat waktu dan kooperatif.", "Minta salinan surat tugas bila ada.", "Saksi tambahan menolak dicatat namanya."),
    "waivers": ("Sebelum penetapan calon Bawaslu hanya meneruskan temuan; klarifikasi diserahkan kepada lembaga peninjau.", "Bukti lengkap dan terlapor sedang cuti; keterangan diminta dalam pemeriksaan.", "Perbuatan terjadi sebelum penetapan calon, sehingga cukup diverifikasi dan diteruskan."),
    "own_exhibits": ("Salinan pakta integritas", "Penilaian kinerja dua tahun terakhir", "Surat pernyataan terperiksa"),
    "missing": ("Tanggal dan jam kejadian\nSalinan kartu identitas pelapor", "Tautan unggahan\nBukti yang dapat dibaca"),
    "supplements": ("Rekaman layar utuh yang memuat tanggal unggahan\nBerita acara klarifikasi saksi kedua", "Salinan susunan tim yang ditandatangani\nKeterangan penanggung jawab grup"),
    "supplied": ("Terlampir rekaman layar utuh dari akun terlapor dan berita acara klarifikasi saksi kedua.",),
    "declines": (
        ("LATE", "Laporan disampaikan melewati batas tujuh hari sejak peristiwa diketahui, sehingga syarat formil tidak terpenuhi."),
        ("MATERIAL", "Uraian kejadian dan bukti tidak memuat perbuatan yang dapat diduga sebagai pelanggaran."),
        ("FORMAL", "Identitas pelapor tidak dilengkapi sampai batas waktu perbaikan."),
        ("HANDLED", "Peristiwa yang sama telah ditangani dalam laporan terdahulu."),
    ),
    "dismissals": ("Pleno menilai kehadiran terlapor tidak disertai dukungan; tidak ada pelanggaran yang dapat diteruskan.", "Bukti tidak cukup menunjukkan perbuatan terlapor.", "Unggahan yang dilaporkan berisi berita kegiatan dinas dan tidak memuat ajakan."),
    "unproven": ("Pelaku tidak dapat dipastikan dari bukti yang ada.", "Perbuatan dapat dijelaskan oleh tugas kedinasan.", "Bukti tidak dapat diuji keasliannya."),
    "cleared": ("Pemeriksaan tidak menemukan bukti yang cukup; tidak dijatuhkan sanksi.", "Perbuatan ternyata dilakukan orang lain yang memakai akun terperiksa."),
    "grounds": ("Pemohon menilai bukti tangkapan layar tidak utuh dan memohon keputusan dibatalkan.", "Pemohon menyatakan tidak diberi kesempatan menghadirkan saksi dan memohon peninjauan."),
    "annulments": ("Setelah ditinjau, bukti utama tidak dapat dipastikan keasliannya; keputusan dibatalkan.",),
    "escalations": ("Sampai hari ini belum ada laporan tindak lanjut. Mohon penjelasan tertulis dan penyelesaian segera.",),
}  # fmt: skip
