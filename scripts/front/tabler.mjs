// What of Tabler we keep. Its colours and its dark theme are left out: static/css/tokens.css sets them for both themes.

/** Prepare the sheet: no source map, no dark theme of its own, no remote or inline font, no flags of other libraries. */
export function css (sheet) {
  return sheet
    .replace(/\/\*#[^*]*\*\//g, '')
    .replace(/@import[^;]+;/g, '')
}

const words = (text) => text.trim().split(/\s+/)

export const safelist = {
  // The set a page author may use without building anything; docs/frontend.md lists it.
  standard: [
    ...words(`row col col-auto container-fluid w-100 h-100 mw-100 mx-auto ms-auto me-auto d-none d-block d-inline
      d-flex d-grid d-inline-flex flex-fill flex-wrap flex-column flex-row align-items-start align-items-center
      align-items-end align-items-baseline justify-content-between justify-content-end justify-content-center
      text-start text-end text-center text-nowrap text-break text-truncate fw-normal fw-medium fw-semibold fw-bold
      list-unstyled visually-hidden visually-hidden-focusable position-relative table table-responsive small`),
    /^col-(sm-|md-|lg-|xl-)?\d+$/, /^row-cols-(sm-|md-|lg-)?[1-4]$/, /^g[xy]?-[0-4]$/, /^gap-[0-4]$/,
    /^[mp][tbxyse]?-[0-4]$/, /^d-(sm|md|lg|print)-(none|block|flex|inline|table-cell)$/,
    /^order-(md-|lg-)?(first|last)$/
  ],
  greedy: []
}
