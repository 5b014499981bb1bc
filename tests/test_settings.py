"""Settings come from flags, then from the environment, then from the defaults; what cannot be used is named."""

import dataclasses
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.settings import DEFAULT_BASE, Settings, bundled


def test_without_anything_given_the_defaults_hold():
    settings = Settings.read(environ={})
    assert (settings.base, settings.host, settings.port, settings.hosts) == (DEFAULT_BASE, "127.0.0.1", 8000, ())
    assert settings.data == bundled("data")
    assert settings.home.name == "plangraph"


def test_what_came_with_the_program_is_there():
    assert (bundled("data") / "register" / "bodies.csv").is_file()
    assert (bundled("ontology") / "plangraph.ttl").is_file()


def test_a_flag_wins_over_the_environment_and_that_over_the_default(tmp_path):
    environ = {"PLANGRAPH_HOME": str(tmp_path), "PLANGRAPH_PORT": "9000", "PLANGRAPH_HOST": "0.0.0.0"}
    settings = Settings.read(environ, port=0, host=None)
    assert (settings.home, settings.port, settings.host) == (tmp_path, 0, "0.0.0.0")


def test_the_environment_of_the_process_counts_where_none_is_given(monkeypatch, tmp_path):
    monkeypatch.setenv("PLANGRAPH_HOME", str(tmp_path))
    assert Settings.read().home == tmp_path


def test_an_empty_variable_is_as_good_as_none():
    assert Settings.read({"PLANGRAPH_PORT": " ", "PLANGRAPH_BASE": ""}).port == 8000


def test_folders_become_absolute_and_a_tilde_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert Settings.read({"PLANGRAPH_DATA": "tables"}).data == tmp_path / "tables"
    assert Settings.read({}, home="~/graphs").home == Path.home() / "graphs"


def test_further_hosts_are_parted_by_commas():
    environ = {"PLANGRAPH_HOSTS": "plans.example.org, localhost ,"}
    assert Settings.read(environ).hosts == ("plans.example.org", "localhost")
    assert Settings.read({}, hosts=["a.example"]).hosts == ("a.example",)


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("PORT", "eighty", "must be a number from 0 to 65535"),
        ("PORT", "65536", "must be a number from 0 to 65535"),
        ("PORT", "-1", "must be a number from 0 to 65535"),
        ("PORT", "８０", "must be a number from 0 to 65535"),
        ("HOST", "a b", "must be a host name or an address"),
        ("HOST", "http://x", "must be a host name or an address"),
        ("BASE", "https://example.org", 'must end with a slash: "https://example.org/"'),
        ("BASE", "urn:x/", "must be an http or https address"),
        ("BASE", "https:///", "must be an http or https address"),
        ("BASE", "https://example.org/#/", "must be an http or https address"),
        ("BASE", "https://example.org/a b/", "must be an http or https address"),
        ("BASE", "https://example.org/>/", "must be an http or https address"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_its_name(variable, value, says):
    name = f"PLANGRAPH_{variable}"
    with pytest.raises(InputError) as caught:
        Settings.read({name: value})
    assert str(caught.value).startswith(f"{name} {says}")
    with pytest.raises(InputError) as caught:
        Settings.read({}, **{variable.lower(): value})
    assert str(caught.value).startswith(f"--{variable.lower()} {says}")


def test_all_values_that_cannot_be_used_are_told_at_once():
    with pytest.raises(InputError) as caught:
        Settings.read({"PLANGRAPH_PORT": "x", "PLANGRAPH_BASE": "x"})
    assert len(caught.value.problems) == 2


def test_a_setting_that_does_not_exist_is_a_mistake_of_the_program():
    with pytest.raises(TypeError, match="colour"):
        Settings.read({}, colour="red")


def test_settings_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings.read({}).port = 1
