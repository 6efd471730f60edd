using System.Text;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Server.Logs.Tailing;

/// <summary>The entries that were appended since a tail last looked, of the streams that it asks for.</summary>
/// <remarks>Thread-safe: filled on the threads of those who append, emptied by the tail.</remarks>
internal sealed class TailQueue : IDisposable
{
    /// <summary>Entries that wait at most, and bytes of lines: a client that is slower loses the rest, and is told.</summary>
    private const int MaxEntries = 20_000;

    private const long MaxBytes = 16 << 20;

    /// <summary>Lost entries that are named one by one.</summary>
    private const int MaxNamed = 100;

    private readonly Lock _lock = new();
    private readonly IReadOnlyList<string> _tenants;
    private readonly IReadOnlyList<LabelMatcher> _matchers;

    /// <summary>As whom the tail shows a stream; null where it does not ask for it.</summary>
    private readonly Dictionary<LogStream, LogStream?> _shown = [];

    private readonly IDisposable _watch;
    private List<TailEntry> _entries = [];
    private List<(LabelSet Labels, long TimeNs)> _dropped = [];
    private long _bytes;

    public TailQueue(ILogStore store, IReadOnlyList<string> tenants, IReadOnlyList<LabelMatcher> matchers)
    {
        (_tenants, _matchers) = (tenants, matchers);
        _watch = store.Watch(Take);
    }

    /// <summary>What came, and what came and did not fit.</summary>
    public (IReadOnlyList<TailEntry> Entries, IReadOnlyList<(LabelSet Labels, long TimeNs)> Dropped) TakeAll()
    {
        lock (_lock)
        {
            var taken = (_entries, _dropped);
            (_entries, _dropped, _bytes) = ([], [], 0);
            return taken;
        }
    }

    public void Dispose() => _watch.Dispose();

    private void Take(LogBatch batch)
    {
        lock (_lock)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                if (ShownOf(batch.StreamOf(i)) is not { } stream)
                {
                    continue;
                }
                var line = batch.LineOf(i);
                if (_entries.Count >= MaxEntries || _bytes + line.Length > MaxBytes)
                {
                    if (_dropped.Count < MaxNamed)
                    {
                        _dropped.Add((stream.Labels, batch.TimeNsOf(i)));
                    }
                    continue;
                }
                _bytes += line.Length;
                _entries.Add(new TailEntry(stream, batch.TimeNsOf(i), line.ToArray(), MetadataOf(batch, i)));
            }
        }
    }

    private LogStream? ShownOf(LogStream stream)
    {
        if (!_shown.TryGetValue(stream, out var shown))
        {
            shown = IsWanted(stream) ? _tenants.Count == 1 ? stream : stream.ShownAs(TenantLabel.AddTo(stream.Labels, stream.Tenant)) : null;
            if (_shown.Count >= MaxEntries)
            {
                _shown.Clear();
            }
            _shown.Add(stream, shown);
        }
        return shown;
    }

    private bool IsWanted(LogStream stream)
    {
        if (!_tenants.Contains(stream.Tenant, StringComparer.Ordinal))
        {
            return false;
        }
        var labels = _tenants.Count == 1 ? stream.Labels : TenantLabel.AddTo(stream.Labels, stream.Tenant);
        return _matchers.All(matcher => matcher.Matches(labels[matcher.Name]));
    }

    private static (string Name, byte[] Value)[] MetadataOf(LogBatch batch, int entry)
    {
        var count = batch.MetadataCountOf(entry);
        var metadata = new (string, byte[])[count];
        for (var i = 0; i < count; i++)
        {
            metadata[i] = (Encoding.UTF8.GetString(batch.MetadataNameOf(entry, i)), batch.MetadataValueOf(entry, i).ToArray());
        }
        return metadata;
    }
}
