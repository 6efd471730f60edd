using System.IO.Hashing;
using System.Text;
using System.Text.Unicode;
using Pharos.Collection.Receivers.Loki.Decoding;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Fuzz.Targets.Logs;

/// <summary>Keeps nothing, and holds receivers to what the store expects of a batch.</summary>
internal sealed class CheckedLogStore : ILogStore
{
    private readonly Dictionary<LabelSet, LogStream> _streams = [];
    private readonly XxHash64 _entries = new();

    public int Streams => _streams.Count;

    public int Count { get; private set; }

    public int Metadata { get; private set; }

    /// <summary>Of all that was appended, in its order.</summary>
    public ulong Hash => _entries.GetCurrentHashAsUInt64();

    public LogStream Stream(string tenant, LabelSet labels)
    {
        if (!_streams.TryGetValue(labels, out var stream))
        {
            _streams.Add(labels, stream = new LogStream(tenant, labels, _streams.Count));
            CheckLabels(labels);
        }
        return stream;
    }

    public bool IsActive(LogStream stream) => false;

    public int ActiveStreams(string tenant) => 0;

    public void Append(LogBatch batch)
    {
        for (var entry = 0; entry < batch.Count; entry++)
        {
            Add(Encoding.UTF8.GetBytes(batch.StreamOf(entry).Labels.ToBracedText()));
            _entries.Append(BitConverter.GetBytes(batch.TimeNsOf(entry)));
            Add(batch.LineOf(entry));
            var names = new HashSet<string>(StringComparer.Ordinal);
            for (var pair = 0; pair < batch.MetadataCountOf(entry); pair++)
            {
                var name = Encoding.UTF8.GetString(batch.MetadataNameOf(entry, pair));
                if (!MetricNames.IsLegacyValidLabel(name) || !names.Add(name))
                {
                    throw new BrokenPromiseException("structured metadata with a name that is none, or twice the same");
                }
                Add(batch.MetadataNameOf(entry, pair));
                Add(batch.MetadataValueOf(entry, pair));
                Metadata++;
            }
        }
        Count += batch.Count;
    }

    public IReadOnlyDictionary<string, string> Marks() => throw new NotSupportedException();

    public ILogQuerier Querier(string tenant, long startNs, long endNs) => throw new NotSupportedException();

    public IDisposable Watch(Action<LogBatch> appended) => throw new NotSupportedException();

    public void Delete(LogDeletion deletion) => throw new NotSupportedException();

    public void Flush(CancellationToken cancellation) => throw new NotSupportedException();

    public LogStoreStatus Status() => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Labels, however they came, are printed so that they are read as the same.</summary>
    private static void CheckLabels(LabelSet labels)
    {
        var text = labels.ToBracedText();
        if (StreamText.Parse(Encoding.UTF8.GetBytes(text), StreamTextForm.Selector, out var error) is not { } again)
        {
            throw new BrokenPromiseException($"labels that are printed cannot be read: {error}: {text}");
        }
        if (LabelSet.From([.. again]) != labels)
        {
            throw new BrokenPromiseException($"labels that are printed are read as others: {text}");
        }
    }

    private void Add(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            throw new BrokenPromiseException("a text that is no UTF-8");
        }
        _entries.Append(BitConverter.GetBytes(text.Length));
        _entries.Append(text);
    }
}
