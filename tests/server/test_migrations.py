"""The schema that migrations make is the one that models.py describes, and splits by pair."""

import asyncio
import importlib
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from tortoise import Model

from ajar import answer_key_models, models
from ajar.database import Database
from tests.server.process import COMMAND, environment

FILES = {"ajar.sqlite3": models, "answer-keys.sqlite3": answer_key_models}
DESCRIBED: list[tuple[str, type[Model]]] = [
    (name, model)
    for name, module in FILES.items()
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, Model) and model is not Model
]
first = importlib.import_module("ajar.migrations.pairs.0001_first")
second = importlib.import_module("ajar.migrations.pairs.0002_push_services")
MODELS = [pytest.param(name, model, id=model.__name__) for name, model in DESCRIBED]
TORTOISES_OWN = "tortoise_migrations"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("schema")
    migrate(data)
    return data


def migrate(data: Path) -> None:
    async def main() -> None:
        database = await Database.open(
            f"sqlite://{data}/ajar.sqlite3", f"sqlite://{data}/answer-keys.sqlite3"
        )
        await database.migrate()
        await database.close()

    asyncio.run(main())


def schema(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as file:
        return file.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2"
        ).fetchall()


def tables(path: Path) -> set[str]:
    found = {name for kind, name, *_ in schema(path) if kind == "table"}
    return {name for name in found - {TORTOISES_OWN} if not name.startswith("sqlite_")}


def test_every_table_has_a_model_and_every_model_a_table(data: Path) -> None:
    for name in FILES:
        described = {model._meta.db_table for file, model in DESCRIBED if file == name}
        assert tables(data / name) == described


@pytest.mark.parametrize(("name", "model"), MODELS)
def test_columns_are_exactly_the_fields(data: Path, name: str, model: type[Model]) -> None:
    with closing(sqlite3.connect(data / name)) as file:
        columns = file.execute(f"PRAGMA table_info({model._meta.db_table})").fetchall()
    in_key = {column[1] for column in columns if column[5]}
    made = {column[1]: bool(column[3]) or column[1] in in_key for column in columns}
    fields = model._meta.fields_map
    assert made == {field: not described.null for field, described in fields.items()}


@pytest.mark.parametrize(("name", "model"), MODELS)
def test_whatever_knows_a_pair_has_it_first_in_every_key(
    data: Path, name: str, model: type[Model]
) -> None:
    """So that the tables can be spread over machines by pair."""
    table = model._meta.db_table
    with closing(sqlite3.connect(data / name)) as file:
        columns = file.execute(f"PRAGMA table_info({table})").fetchall()
        if "pair_id" not in {column[1] for column in columns}:
            assert table == "answer_keys"
            return
        key = [column[1] for column in sorted(columns, key=lambda c: c[5]) if column[5]]
        assert key[0] == "pair_id"
        unique = [row[1] for row in file.execute(f"PRAGMA index_list({table})") if row[2]]
        assert unique
        for index in unique:
            first = file.execute(f"PRAGMA index_info({index})").fetchone()
            assert first[2] == "pair_id", index


def test_no_table_counts_its_rows_by_a_sequence(data: Path) -> None:
    for name in FILES:
        for kind, table, _, sql in schema(data / name):
            if kind == "table" and table in tables(data / name):
                assert "AUTOINCREMENT" not in (sql or "").upper(), table


def test_every_column_says_what_it_reveals() -> None:
    """The schema is the privacy statement: a comment stands over each field, or over its group."""
    explained = False
    for line in map(str.strip, Path(models.__file__).read_text().splitlines()):
        name, _, value = line.partition(" = ")
        if value.startswith("fields."):
            assert explained, name
        else:
            explained = line.startswith("#")


def test_migrating_again_changes_nothing(data: Path) -> None:
    before = {name: (data / name).read_bytes() for name in FILES}
    schemas = {name: schema(data / name) for name in FILES}
    migrate(data)
    assert {name: schema(data / name) for name in FILES} == schemas
    assert {name: (data / name).read_bytes() for name in FILES} == before


@pytest.mark.parametrize("there", [(), ("push_key",), ("push_key", "service")], ids=len)
def test_a_populated_database_of_the_first_schema_keeps_every_row(
    tmp_path: Path, there: tuple[str, ...]
) -> None:
    """`there`: columns that a process added before it was killed, and did not note down."""
    path = tmp_path / "ajar.sqlite3"
    with closing(sqlite3.connect(path)) as file:
        for statement in first.STATEMENTS:
            file.execute(statement)
        for table in sorted(tables(path)):
            for number in range(5):
                columns = file.execute(f"PRAGMA table_info({table})").fetchall()
                values = [f"{column[1]} {number}" for column in columns]
                places = ", ".join("?" * len(values))
                file.execute(f"INSERT INTO {table} VALUES ({places})", values)
        for name in there:
            file.execute(f"ALTER TABLE devices ADD COLUMN {name} {second.COLUMNS[name]}")
        file.commit()
        before = {name: file.execute(f"SELECT * FROM {name}").fetchall() for name in tables(path)}
    migrate(tmp_path)
    (tmp_path / "new").mkdir()
    migrate(tmp_path / "new")
    with closing(sqlite3.connect(path)) as file:
        for name, held in before.items():
            kept = file.execute(f"SELECT * FROM {name}").fetchall()
            assert [row[: len(held[0])] for row in kept] == held
    assert columns_of(path) == columns_of(tmp_path / "new" / "ajar.sqlite3")
    indexes = {name: sql for kind, name, _, sql in schema(path) if kind == "index"}
    new = schema(tmp_path / "new" / "ajar.sqlite3")
    assert indexes == {name: sql for kind, name, _, sql in new if kind == "index"}


def columns_of(path: Path) -> dict[str, set[tuple[str, ...]]]:
    with closing(sqlite3.connect(path)) as file:
        return {
            name: {column[1:] for column in file.execute(f"PRAGMA table_info({name})")}
            for name in tables(path)
        }


def test_several_that_start_at_once_on_nothing_all_find_their_tables(tmp_path: Path) -> None:
    """As compose does it: web and worker, side by side, on a new volume."""

    async def together(data: Path) -> None:
        urls = [f"sqlite://{data}/{name}" for name in FILES]
        databases = [await Database.open(*urls) for _ in range(4)]
        await asyncio.gather(*(database.migrate() for database in databases))
        for database in databases:
            await database.close()

    for number in range(5):
        data = tmp_path / str(number)
        data.mkdir()
        asyncio.run(together(data))
        with closing(sqlite3.connect(data / "ajar.sqlite3")) as file:
            applied = file.execute(f"SELECT app, name FROM {TORTOISES_OWN}").fetchall()
        assert applied == [("pairs", "0001_first"), ("pairs", "0002_push_services")]


def test_migrate_makes_all_there_is_and_can_be_run_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for _ in range(2):
        result = subprocess.run(
            [*COMMAND, "migrate"],
            env=environment(data, 8000, {}),
            capture_output=True,
            text=True,
            check=False,
        )
        said = (result.stdout, result.stderr, result.returncode)
        assert said == ("The databases are up to date.\n", "", 0)
        assert tables(data / "ajar.sqlite3") == {
            "pairs",
            "rounds",
            "answers",
            "devices",
            "phone_offers",
            "reminders",
        }
        assert tables(data / "answer-keys.sqlite3") == {"answer_keys"}
        assert (data / "push-key.pem").stat().st_mode & 0o777 == 0o600
        assert data.stat().st_mode & 0o777 == 0o700
