using Pharos.Storage.Model;

namespace Pharos.Storage.Logs;

/// <summary>Where log entries go and come from. The one seam between the log store and everything above it.</summary>
/// <remarks>Thread-safe. Knows nothing of LogQL, tailing or HTTP. A tenant sees its own streams only; its name is any text that is
/// not empty. Entries of a stream may come in any order and of any age: limits are for whoever appends.</remarks>
public interface ILogStore : IAsyncDisposable
{
    /// <summary>The stream of a label set, made where it is new; the same object for the same labels while somebody holds it.</summary>
    /// <remarks>Cheap to hold: receivers keep it beside the text that they read the labels from. It counts as active from its first
    /// entry on.</remarks>
    LogStream Stream(string tenant, LabelSet labels);

    /// <summary>Whether the stream has entries that are not sealed yet: one that has none is new to limits of active streams.</summary>
    bool IsActive(LogStream stream);

    /// <summary>Streams of a tenant that have entries not sealed yet.</summary>
    int ActiveStreams(string tenant);

    /// <summary>Stores the entries of a batch, all of one tenant, all or none. When it returns, they are in the log and visible; a power
    /// cut takes what the store's fsync policy says.</summary>
    /// <remarks>An entry that equals its stream's newest (time, line and metadata) is left out: clients send again what they believe
    /// lost, unless the batch asks to keep it. The batch is the caller's again afterwards.</remarks>
    /// <exception cref="IOException">The disk refused; nothing of the batch is stored.</exception>
    void Append(LogBatch batch);

    /// <summary>The marks of all batches that are stored (<see cref="LogBatch.Mark"/>), the newest of each key, empty ones left out.
    /// They are of no tenant, and stay when their entries are sealed, deleted or too old.</summary>
    IReadOnlyDictionary<string, string> Marks();

    /// <summary>Opens a view of all stored entries with a time in [<paramref name="startNs"/>, <paramref name="endNs"/>).</summary>
    ILogQuerier Querier(string tenant, long startNs, long endNs);

    /// <summary>Calls back after each append, on the appender's thread, until disposed. The batch must not be held or changed.</summary>
    IDisposable Watch(Action<LogBatch> appended);

    /// <summary>Hides matching entries at once and for good; their space comes back with a later merge.</summary>
    void Delete(LogDeletion deletion);

    /// <summary>Seals what is in memory into blocks.</summary>
    void Flush(CancellationToken cancellation);

    /// <summary>Counts for self-monitoring.</summary>
    LogStoreStatus Status();
}
