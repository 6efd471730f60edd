using System.Collections.Concurrent;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Pharos.Query.LogQL;
using Pharos.Query.LogQL.Results;
using Pharos.Query.LogQL.Syntax;
using Pharos.Server.Api.Loki.Queries;
using Pharos.Server.Logs;
using Pharos.Server.Logs.Tailing;
using Pharos.Storage.Logs;

namespace Pharos.Server.Api.Loki.Tailing;

/// <summary>New lines of a query as they come, over a WebSocket.</summary>
internal sealed class TailEndpoint(ILogStore store, LogQueries queries, TimeProvider time, CancellationToken stopping)
{
    private const long NsPerSecond = 1_000_000_000;
    private const int MaxDelaySeconds = 5;

    /// <summary>How often a tail looks for new entries.</summary>
    private static readonly TimeSpan FrameInterval = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, int> _running = new(StringComparer.Ordinal);

    public void Map(LokiRoutes routes)
    {
        routes.MapRead("/loki/api/v1/tail", AnswerAsync);
        routes.MapRead("/api/prom/tail", AnswerAsync);
    }

    private async Task AnswerAsync(LokiRequest request)
    {
        if (QueryEndpoints.Parse(request.Text("query")) is not LogQueryExpr query)
        {
            throw LokiRefusal.BadRequest("only log queries can be tailed");
        }
        QueryLimits.Check(query, request.Limits);
        var delay = request.Duration("delay_for");
        if (delay is < 0 or > MaxDelaySeconds * NsPerSecond)
        {
            throw LokiRefusal.BadRequest($"delay_for can't be greater than {MaxDelaySeconds}");
        }
        var limit = request.Count("limit", 100);
        var startNs = request.Time("start", request.NowNs - (3600 * NsPerSecond));
        if (!request.Context.WebSockets.IsWebSocketRequest)
        {
            throw LokiRefusal.BadRequest("Bad Request: tail is a WebSocket: 'upgrade' token not found in 'Connection' header");
        }
        var tenant = string.Join('|', request.Tenants);
        try
        {
            var running = _running.AddOrUpdate(tenant, 1, static (_, count) => count + 1);
            if (request.Limits.MaxConcurrentTails > 0 && running > request.Limits.MaxConcurrentTails)
            {
                throw LokiRefusal.BadRequest(
                    $"max concurrent tail requests limit exceeded, count > limit ({running} > {request.Limits.MaxConcurrentTails})");
            }
            await TailAsync(request, query, new LogRangeRequest(startNs, request.NowNs) { Limit = limit }, TimeSpan.FromTicks(delay / 100));
        }
        finally
        {
            _running.AddOrUpdate(tenant, 0, static (_, count) => count - 1);
        }
    }

    private async Task TailAsync(LokiRequest request, LogQueryExpr query, LogRangeRequest history, TimeSpan delay)
    {
        using var queue = new TailQueue(store, request.Tenants, query.Matchers);
        var before = history.EndNs <= history.StartNs ? new LogStreamsResult([])
            : (LogStreamsResult)await queries.RangeAsync(request.Tenants, query, history, cutsSeries: false, request.Cancellation);
        using var socket = await request.Context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { KeepAliveInterval = TimeSpan.FromSeconds(1) });
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(request.Cancellation, stopping);
        var client = ReadToEndAsync(socket, ending);
        // A browser cannot send a header with a socket: it says the same by a parameter.
        var flags = request.Text("encodingFlags") is { Length: > 0 } text ? text : request.Context.Request.Headers[LokiResultJson.FlagsHeader].ToString();
        var frames = new TailFrames(socket, flags);
        try
        {
            await frames.SendAsync(new LogStreamsResult([.. before.Entries.Reverse()]), [], ending.Token);
            await FollowAsync(query, queue, frames, before, delay, request.Config.TailMaxDuration, ending.Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "reached tail max duration limit", ending.Token);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(socket);
        }
        catch (WebSocketException)
        {
            // The client is gone.
        }
        finally
        {
            await ending.CancelAsync();
            await client;
        }
    }

    private async Task FollowAsync(
        LogQueryExpr query, TailQueue queue, TailFrames frames, LogStreamsResult before, TimeSpan delay, TimeSpan longest,
        CancellationToken cancellation)
    {
        // What came while the history was asked for stands there, too.
        var seen = before.Entries.Select(static entry => (entry.TimeNs, entry.Labels.Stream)).ToHashSet();
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < longest)
        {
            await Task.Delay(delay > FrameInterval ? delay : FrameInterval, time, cancellation);
            var (entries, dropped) = queue.TakeAll();
            var fresh = seen.Count == 0 ? entries : [.. entries.Where(entry => !seen.Contains((entry.TimeNs, entry.Stream.Labels)))];
            seen.Clear();
            if (fresh.Count == 0 && dropped.Count == 0)
            {
                continue;
            }
            var result = fresh.Count == 0 ? new LogStreamsResult([]) : await PassAsync(query, fresh, cancellation);
            await frames.SendAsync(result, dropped, cancellation);
        }
    }

    private async Task<LogStreamsResult> PassAsync(LogQueryExpr query, IReadOnlyList<TailEntry> entries, CancellationToken cancellation)
    {
        var block = new TailBlock(entries);
        var engine = new LogEngine(new LogEngineOptions { MaxEntries = 0, MaxQueryLength = TimeSpan.Zero, MaxParallelism = 1 }, time);
        var asked = new LogRangeRequest(block.MinTimeNs, block.MaxTimeNs + 1) { Limit = int.MaxValue, Direction = LogDirection.Forward };
        return (LogStreamsResult)await engine.QueryRangeAsync(new TailStore(block), "tail", query, asked, cancellation);
    }

    /// <summary>A client says nothing but that it goes.</summary>
    private static async Task ReadToEndAsync(WebSocket socket, CancellationTokenSource ending)
    {
        var room = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(room.AsMemory(), ending.Token)).MessageType is not WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            // It is gone.
        }
        await ending.CancelAsync();
    }

    private static async Task EndAsync(WebSocket socket)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, soon.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            // Nobody hears it.
        }
    }
}
