using System.Text;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Receivers.Loki;

/// <summary>Keeps what is appended as texts.</summary>
internal sealed class FakeLogStore : ILogStore
{
    private readonly Dictionary<(string, LabelSet), LogStream> _streams = [];
    private readonly HashSet<LogStream> _active = [];

    public List<FakeEntry> Entries { get; } = [];

    public Exception? Refusal { get; set; }

    public LogStream Stream(string tenant, LabelSet labels)
    {
        if (!_streams.TryGetValue((tenant, labels), out var stream))
        {
            _streams.Add((tenant, labels), stream = new LogStream(tenant, labels, _streams.Count));
        }
        return stream;
    }

    public bool IsActive(LogStream stream) => _active.Contains(stream);

    public int ActiveStreams(string tenant) => _active.Count(stream => stream.Tenant == tenant);

    public void Append(LogBatch batch)
    {
        if (Refusal is { } refusal)
        {
            throw refusal;
        }
        for (var i = 0; i < batch.Count; i++)
        {
            var stream = batch.StreamOf(i);
            _active.Add(stream);
            var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
            for (var pair = 0; pair < batch.MetadataCountOf(i); pair++)
            {
                metadata.Add(Encoding.UTF8.GetString(batch.MetadataNameOf(i, pair)), Encoding.UTF8.GetString(batch.MetadataValueOf(i, pair)));
            }
            Entries.Add(new FakeEntry(
                stream.Tenant, stream.Labels.ToString(), batch.TimeNsOf(i), Encoding.UTF8.GetString(batch.LineOf(i)), metadata));
        }
    }

    public IReadOnlyDictionary<string, string> Marks() => new Dictionary<string, string>();

    public ILogQuerier Querier(string tenant, long startNs, long endNs) => throw new NotSupportedException();

    public IDisposable Watch(Action<LogBatch> appended) => throw new NotSupportedException();

    public void Delete(LogDeletion deletion) => throw new NotSupportedException();

    public void Flush(CancellationToken cancellation)
    {
    }

    public LogStoreStatus Status() => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
