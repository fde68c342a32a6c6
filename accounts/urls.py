"""Addresses of signing in and choosing a desk."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("desk/", views.desk, name="desk"),
    path("demo/", views.demo, name="demo"),
    path("proceed/", views.proceed, name="proceed"),
]
