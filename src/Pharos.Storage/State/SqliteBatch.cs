using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Pharos.Storage.State;

/// <summary>Writes changes as one transaction, by statements that are prepared once.</summary>
/// <remarks>Not thread-safe. It speaks to SQLite itself: a command of the provider costs more than the row that it writes, and
/// hundreds are written at once.</remarks>
internal sealed class SqliteBatch(SqliteConnection connection) : IDisposable
{
    private const string PutStatement = "INSERT INTO state (collection, key, value, expires_at_ms, checksum) VALUES (?1, ?2, ?3, ?4, ?5) "
        + "ON CONFLICT (collection, key) DO UPDATE SET value = excluded.value, expires_at_ms = excluded.expires_at_ms, "
        + "checksum = excluded.checksum";

    private const string DeleteStatement = "DELETE FROM state WHERE collection = ?1 AND key = ?2";

    private const int MaxBytesOnStack = 512;

    private sqlite3_stmt? _begin;
    private sqlite3_stmt? _commit;
    private sqlite3_stmt? _put;
    private sqlite3_stmt? _delete;

    /// <exception cref="SqliteException">Nothing is changed.</exception>
    public void Write(IReadOnlyList<StateChange> changes)
    {
        var begin = _begin ??= Prepare("BEGIN IMMEDIATE");
        var commit = _commit ??= Prepare("COMMIT");
        var put = _put ??= Prepare(PutStatement);
        var delete = _delete ??= Prepare(DeleteStatement);
        Run(begin);
        try
        {
            // By index: the list is one of thousands.
            for (var i = 0; i < changes.Count; i++)
            {
                var change = changes[i];
                if (change.Value is null)
                {
                    BindKey(delete, change);
                    Run(delete);
                    continue;
                }
                BindKey(put, change);
                Check(change.Value.Length == 0 ? raw.sqlite3_bind_zeroblob(put, 3, 0) : raw.sqlite3_bind_blob(put, 3, change.Value));
                var expiresAtMs = change.ExpiresAt?.ToUnixTimeMilliseconds();
                Check(expiresAtMs is { } at ? raw.sqlite3_bind_int64(put, 4, at) : raw.sqlite3_bind_null(put, 4));
                Check(raw.sqlite3_bind_int64(put, 5, StateChecksum.Of(change.Collection, change.Key, change.Value, expiresAtMs)));
                Run(put);
            }
            Run(commit);
        }
        catch
        {
            // Some errors have ended the transaction already; then this is refused, which changes nothing.
            raw.sqlite3_exec(connection.Handle, "ROLLBACK");
            throw;
        }
        finally
        {
            // What is bound is a copy of the last value, as large as that.
            raw.sqlite3_clear_bindings(put);
        }
    }

    public void Dispose()
    {
        _begin?.Dispose();
        _commit?.Dispose();
        _put?.Dispose();
        _delete?.Dispose();
    }

    private void BindKey(sqlite3_stmt statement, StateChange change)
    {
        BindText(statement, 1, change.Collection);
        BindText(statement, 2, change.Key);
    }

    private void BindText(sqlite3_stmt statement, int index, string text)
    {
        if (text.Length == 0)
        {
            // No bytes would be no text, which is not the same.
            Check(raw.sqlite3_bind_text(statement, index, text));
            return;
        }
        var utf8 = System.Text.Encoding.UTF8;
        Span<byte> buffer = stackalloc byte[MaxBytesOnStack];
        Check(raw.sqlite3_bind_text(statement, index, utf8.TryGetBytes(text, buffer, out var length) ? buffer[..length] : utf8.GetBytes(text)));
    }

    private sqlite3_stmt Prepare(string text)
    {
        Check(raw.sqlite3_prepare_v2(connection.Handle, text, out var statement));
        return statement;
    }

    private void Run(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        Check(code);
    }

    private void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_DONE))
        {
            throw new SqliteException(raw.sqlite3_errmsg(connection.Handle).utf8_to_string(), code);
        }
    }
}
