using Microsoft.Data.Sqlite;

namespace Pharos.Storage.State;

/// <summary>A row of a state file, and whether it is as it was written.</summary>
internal readonly record struct StateRow(StateChange Change, bool IsWhole)
{
    /// <summary>Of a query for collection, key, value, expiry and checksum; whatever stands there.</summary>
    public static StateRow Read(SqliteDataReader reader)
    {
        try
        {
            var (collection, key, value) = (reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2));
            long? expiresAtMs = reader.IsDBNull(3) ? null : reader.GetInt64(3);
            var change = new StateChange(collection, key, value,
                expiresAtMs is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null);
            return new StateRow(change, !reader.IsDBNull(4) && reader.GetInt64(4) == StateChecksum.Of(collection, key, value, expiresAtMs));
        }
        catch (Exception exception) when (exception is InvalidCastException or InvalidOperationException or ArgumentOutOfRangeException
            or FormatException)
        {
            return new StateRow(new StateChange("", "", null), IsWhole: false);
        }
    }
}
