using System.Globalization;

namespace Pharos.Collection.Shipping.Files;

/// <summary>The records of one job's files for one client, as they are kept among the store's marks.</summary>
/// <remarks>Thread-safe. A record is changed only by the family that it belongs to.</remarks>
internal sealed class TailLedger
{
    /// <summary>Records of files that nobody has seen for this long are forgotten at the start.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, TailRecord> _records = [];
    private readonly string _prefix;
    private long _lastId;

    public TailLedger(string client, string job, IReadOnlyDictionary<string, string> marks, DateTimeOffset now)
    {
        _prefix = $"ship/{Uri.EscapeDataString(client)}/{Uri.EscapeDataString(job)}/";
        foreach (var (key, value) in marks)
        {
            if (!key.StartsWith(_prefix, StringComparison.Ordinal)
                || !long.TryParse(key.AsSpan(_prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                continue;
            }
            _lastId = Math.Max(_lastId, id);
            if (TailRecord.Parse(id, value) is { } record && now.ToUnixTimeSeconds() - record.SeenAtS < Forgotten.TotalSeconds)
            {
                _records[id] = record;
                SeenBeforeAt = record.SeenAtS > (SeenBeforeAt?.ToUnixTimeSeconds() ?? 0) ? DateTimeOffset.FromUnixTimeSeconds(record.SeenAtS) : SeenBeforeAt;
            }
        }
    }

    /// <summary>When the process before this one knew something last of any of the files, to the second; null where there was none.</summary>
    public DateTimeOffset? SeenBeforeAt { get; }

    public long NewId() => Interlocked.Increment(ref _lastId);

    public List<TailRecord> Of(string path)
    {
        lock (_gate)
        {
            return [.. _records.Values.Where(record => record.Path == path)];
        }
    }

    /// <summary>The records of a file, of whatever path it is by now.</summary>
    public List<TailRecord> OfFile(ulong device, ulong inode)
    {
        lock (_gate)
        {
            return [.. _records.Values.Where(record => record.HasFile && record.Inode == inode && record.Device == device)];
        }
    }

    /// <summary>What the store is to keep of a record; it counts from <see cref="Put"/> on.</summary>
    public KeyValuePair<string, string> Mark(TailRecord record) => new(KeyOf(record.Id), record.ToText());

    public KeyValuePair<string, string> Removal(TailRecord record) => new(KeyOf(record.Id), "");

    public void Put(TailRecord record)
    {
        lock (_gate)
        {
            _records[record.Id] = record;
        }
    }

    public void Remove(TailRecord record)
    {
        lock (_gate)
        {
            _records.Remove(record.Id);
        }
    }

    private string KeyOf(long id) => _prefix + id.ToString(CultureInfo.InvariantCulture);
}
