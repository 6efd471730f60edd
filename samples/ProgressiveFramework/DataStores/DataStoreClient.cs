using System.Diagnostics;
using ProgressiveFramework.Faults;
using ProgressiveFramework.Logging;

namespace ProgressiveFramework.DataStores;

/// <summary>One service's way to the databases: each question is a CLIENT span with OpenTelemetry's names for databases, those that
/// are stable beside the older ones that many tools still read.</summary>
public sealed class DataStoreClient : IDisposable
{
    public const string SourceName = "ProgressiveFramework.DataStores";

    private readonly ActivitySource _source;
    private readonly DataStoreSimulation _stores;
    private readonly ServiceLog _log;
    private readonly TimeProvider _time;

    public DataStoreClient(string service, DataStoreSimulation stores, ServiceLog log, TimeProvider time)
    {
        // Services of one process have sources of one name; this says whose it is.
        _source = new ActivitySource(new ActivitySourceOptions(SourceName)
        {
            Tags = new ActivityTagsCollection([new("service.name", service)]),
        });
        _stores = stores;
        _log = log;
        _time = time;
    }

    /// <param name="operation"><c>SELECT</c>, <c>GET</c>, <c>find</c>.</param>
    /// <param name="collection">Table, kind of key or collection.</param>
    /// <param name="text">The question without its values.</param>
    /// <exception cref="DataStoreException">The database refuses.</exception>
    public async Task AskAsync(DataStore store, string operation, string collection, string text, CancellationToken cancellation)
    {
        using var span = _source.StartActivity($"{operation} {collection}", ActivityKind.Client);
        if (span is { IsAllDataRequested: true })
        {
            Describe(span, store, operation, collection, text);
        }
        try
        {
            using var connection = store == DataStore.Postgres ? _stores.TryOpenConnection() : null;
            if (store == DataStore.Postgres && connection is null)
            {
                throw new DataStoreException("connection refused");
            }
            if (store == DataStore.Postgres && _stores.IsSlow)
            {
                await WaitForLockAsync(span, collection, cancellation);
            }
            await Task.Delay(_stores.AnswerTime(store), _time, cancellation);
        }
        catch (Exception e) when (e is DataStoreException or OperationCanceledException)
        {
            span?.SetTag("error.type", e.GetType().FullName);
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            span?.AddException(e);
            throw;
        }
    }

    public void Dispose() => _source.Dispose();

    /// <summary>What the fault <see cref="Fault.SlowResponses"/> is in the end.</summary>
    private async Task WaitForLockAsync(Activity? span, string table, CancellationToken cancellation)
    {
        var wait = _stores.LockWait();
        span?.AddEvent(new ActivityEvent("lock wait", tags: new ActivityTagsCollection { ["db.lock.relation"] = table }));
        await Task.Delay(wait, _time, cancellation);
        _log.Warning("slow query: it waited for a lock", ("table", table), ("performance_metric", Math.Round(wait.TotalMilliseconds)));
    }

    private static void Describe(Activity span, DataStore store, string operation, string collection, string text)
    {
        span.SetTag("db.system.name", store.System).SetTag("db.system", store.System);
        span.SetTag("db.namespace", store.Namespace).SetTag("db.name", store.Namespace);
        span.SetTag("db.operation.name", operation).SetTag("db.operation", operation);
        span.SetTag("db.collection.name", collection);
        span.SetTag("db.query.text", text).SetTag("db.statement", text);
        span.SetTag("server.address", store.Host).SetTag("server.port", store.Port);
        span.SetTag("peer.service", store.System);
    }
}
