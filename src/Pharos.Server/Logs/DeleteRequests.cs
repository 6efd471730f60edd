using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Query.LogQL;
using Pharos.Storage.Logs;

namespace Pharos.Server.Logs;

/// <summary>Requests to delete entries: they wait until they cannot be cancelled any more, and are carried out then.</summary>
/// <remarks>Thread-safe. Kept in a file beside the store.</remarks>
internal sealed class DeleteRequests : IDisposable
{
    /// <summary>Requests that are remembered; the oldest that is done gives way.</summary>
    private const int MaxRequests = 10_000;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly ILogStore _store;
    private readonly string? _file;
    private readonly Func<TimeSpan> _cancelPeriod;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private List<DeleteRequest> _requests = [];

    /// <param name="file">Null to keep nothing over a restart.</param>
    public DeleteRequests(ILogStore store, string? file, Func<TimeSpan> cancelPeriod, TimeProvider time, ILogger logger)
    {
        (_store, _file, _cancelPeriod, _time, _logger) = (store, file, cancelPeriod, time, logger);
        if (file is not null && File.Exists(file))
        {
            _requests = Read(file);
        }
        _timer = time.CreateTimer(_ => CarryOut(), null, CheckInterval, CheckInterval);
    }

    public DeleteRequest Add(string tenant, string query, long startNs, long endNs)
    {
        var request = new DeleteRequest(
            Guid.NewGuid().ToString("N")[..8], tenant, query, startNs, endNs, _time.GetUtcNow().ToUnixTimeMilliseconds(), false);
        lock (_lock)
        {
            _requests.Add(request);
            if (_requests.Count > MaxRequests)
            {
                _requests.RemoveAt(Math.Max(0, _requests.FindIndex(static known => known.IsProcessed)));
            }
            Write();
        }
        CarryOut();
        return request;
    }

    public IReadOnlyList<DeleteRequest> Of(string tenant)
    {
        lock (_lock)
        {
            return [.. _requests.Where(request => request.Tenant == tenant)];
        }
    }

    /// <returns>Null where it is cancelled; else why it is not.</returns>
    public string? Cancel(string tenant, string id, bool force)
    {
        lock (_lock)
        {
            var at = _requests.FindIndex(request => request.Tenant == tenant && request.Id == id);
            if (at < 0)
            {
                return "could not find delete request with given id";
            }
            if (_requests[at].IsProcessed && !force)
            {
                return "deletion of request which is in process or already processed is not allowed";
            }
            _requests.RemoveAt(at);
            Write();
            return null;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void CarryOut()
    {
        lock (_lock)
        {
            var due = _time.GetUtcNow().ToUnixTimeMilliseconds() - (long)_cancelPeriod().TotalMilliseconds;
            for (var i = 0; i < _requests.Count; i++)
            {
                if (_requests[i] is { IsProcessed: false } request && request.CreatedMs <= due && TryDelete(request))
                {
                    _requests[i] = request with { IsProcessed = true };
                    Write();
                }
            }
        }
    }

    private bool TryDelete(DeleteRequest request)
    {
        try
        {
            var query = LogParser.ParseLogQuery(request.Query);
            _store.Delete(new LogDeletion(
                request.Id, request.Tenant, query.Matchers, request.StartNs, request.EndNs, query.Stages.Count == 0 ? "" : request.Query));
            return true;
        }
        catch (Exception e) when (e is LogParseException or IOException)
        {
            _logger.LogError(e, "Log entries cannot be deleted (request {Id})", request.Id);
            return false;
        }
    }

    private List<DeleteRequest> Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<List<DeleteRequest>>(File.ReadAllBytes(file)) ?? [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            _logger.LogError(e, "The requests for deletion in {File} cannot be read; there are none now", file);
            return [];
        }
    }

    private void Write()
    {
        if (_file is null)
        {
            return;
        }
        var fresh = _file + ".tmp";
        File.WriteAllBytes(fresh, JsonSerializer.SerializeToUtf8Bytes(_requests));
        File.Move(fresh, _file, overwrite: true);
    }
}
