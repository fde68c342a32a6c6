"""Addresses of signing in and choosing a desk."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import views, views_people

app_name = "accounts"

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("desk/", views.desk, name="desk"),
    path("demo/", views.demo, name="demo"),
    path("people/", views_people.people, name="people"),
    path("people/ask/", views_people.ask, name="ask"),
    path("people/succession/", views_people.succession, name="succession"),
    path("people/waiting/<int:pk>/", views_people.decide, name="decide"),
    path("people/<int:pk>/", views_people.person, name="person"),
    path("people/<int:pk>/<slug:act>/", views_people.person_act, name="person_act"),
    path("proceed/", views.proceed, name="proceed"),
]
