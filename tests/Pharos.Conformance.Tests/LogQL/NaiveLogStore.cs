using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.LogQL;

/// <summary>A log store that keeps lists in memory and does nothing cleverly: the oracle of LogQL's tests.</summary>
/// <param name="rowsPerBlock">Entries in a block, in the order of their arrival: with few, an answer is put together of many blocks.</param>
internal sealed class NaiveLogStore(int rowsPerBlock) : ILogStore
{
    private readonly Dictionary<(string Tenant, LabelSet Labels), LogStream> _streams = [];
    private readonly List<NaiveEntry> _entries = [];

    public LogStream Stream(string tenant, LabelSet labels)
    {
        if (!_streams.TryGetValue((tenant, labels), out var stream))
        {
            _streams.Add((tenant, labels), stream = new LogStream(tenant, labels, _streams.Count));
        }
        return stream;
    }

    public bool IsActive(LogStream stream) => _entries.Exists(entry => entry.Stream == stream);

    public int ActiveStreams(string tenant) => _entries.Where(entry => entry.Stream.Tenant == tenant).Select(static entry => entry.Stream).Distinct().Count();

    public void Append(LogBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var metadata = new List<(string Name, byte[] Value)>();
            for (var pair = 0; pair < batch.MetadataCountOf(i); pair++)
            {
                metadata.Add((System.Text.Encoding.UTF8.GetString(batch.MetadataNameOf(i, pair)), batch.MetadataValueOf(i, pair).ToArray()));
            }
            _entries.Add(new NaiveEntry(batch.StreamOf(i), batch.TimeNsOf(i), batch.LineOf(i).ToArray(), metadata));
        }
    }

    public IReadOnlyDictionary<string, string> Marks() => new Dictionary<string, string>();

    public ILogQuerier Querier(string tenant, long startNs, long endNs) =>
        new NaiveLogQuerier([.. _entries.Where(entry => entry.Stream.Tenant == tenant && entry.TimeNs >= startNs && entry.TimeNs < endNs)], rowsPerBlock);

    public IDisposable Watch(Action<LogBatch> appended) => throw new NotSupportedException();

    public void Delete(LogDeletion deletion) => throw new NotSupportedException();

    public void Flush(CancellationToken cancellation)
    {
    }

    public LogStoreStatus Status() => new(_streams.Count, _entries.Count, 0, 0, 0, 0, 0);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
