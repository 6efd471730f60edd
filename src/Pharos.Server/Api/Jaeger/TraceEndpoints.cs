using System.Text.Json;
using Pharos.Server.Api.Jaeger.Json;
using Pharos.Server.Api.Jaeger.Model;
using Pharos.Server.Api.Jaeger.Search;
using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Jaeger;

/// <summary>Traces by id and by search, as Jaeger's interface, Grafana and Kiali ask for them.</summary>
internal sealed class TraceEndpoints(TraceQueries traces)
{
    private const long NsPerMicrosecond = 1_000;

    private static readonly TimeSpan DefaultLookback = TimeSpan.FromDays(2);

    public void Map(JaegerRoutes routes)
    {
        routes.MapGet("/api/traces/{traceID}", GetAsync);
        routes.MapGet("/api/traces", SearchAsync);
        routes.MapPost("/api/archive/{traceID}", ArchiveAsync);
    }

    private Task GetAsync(JaegerRequest request)
    {
        var (id, isRaw) = Asked(request);
        var trace = traces.Of(request.Tenant).Get(id, isRaw) ?? throw JaegerRefusal.NotFound();
        return JaegerReply.DataAsync(request, async stream =>
        {
            stream.Writer.WriteStartArray();
            await UiTraceJson.WriteAsync(stream, trace.Id, trace.Spans, trace.LeftOut);
            stream.Writer.WriteEndArray();
        });
    }

    private Task ArchiveAsync(JaegerRequest request)
    {
        var (id, _) = Asked(request);
        if (!traces.Of(request.Tenant).Archive(id, out var refusal))
        {
            throw JaegerRefusal.NotFound();
        }
        if (refusal.Length > 0)
        {
            throw new JaegerRefusal(500, refusal);
        }
        return JaegerReply.DataAsync(request, WriteNothing, errors: WriteNothing);
    }

    private Task SearchAsync(JaegerRequest request)
    {
        var search = Read(request);
        var ids = request.All("traceID").Select(static text => JaegerIds.TryParse(text, out var id, out var error) ? id
            : throw JaegerRefusal.BadRequest($"cannot parse traceID param: {error}")).ToList();
        if (search.MinDurationNs != 0 && search.MaxDurationNs != 0 && search.MaxDurationNs < search.MinDurationNs)
        {
            throw JaegerRefusal.BadRequest("'maxDuration' should be greater than 'minDuration'");
        }
        if (ids.Count > 0)
        {
            return ByIdsAsync(request, ids, search.IsRaw);
        }
        return JaegerReply.DataAsync(request, async stream =>
        {
            stream.Writer.WriteStartArray();
            foreach (var trace in traces.Of(request.Tenant).Find(search, request.Cancellation))
            {
                await UiTraceJson.WriteAsync(stream, trace.Id, trace.Spans, trace.LeftOut);
                await stream.BreatheAsync();
            }
            stream.Writer.WriteEndArray();
        });
    }

    private Task ByIdsAsync(JaegerRequest request, List<TraceId> ids, bool isRaw)
    {
        var missing = new List<TraceId>();
        return JaegerReply.DataAsync(
            request,
            async stream =>
            {
                stream.Writer.WriteStartArray();
                foreach (var id in ids.Take(TraceSearch.MaxLimit))
                {
                    if (traces.Of(request.Tenant).Get(id, isRaw) is { } trace)
                    {
                        await UiTraceJson.WriteAsync(stream, trace.Id, trace.Spans, trace.LeftOut);
                    }
                    else
                    {
                        missing.Add(id);
                    }
                    await stream.BreatheAsync();
                }
                stream.Writer.WriteEndArray();
            },
            errors: json => WriteMissing(json, missing));
    }

    private static void WriteNothing(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteEndArray();
    }

    private static void WriteMissing(Utf8JsonWriter json, List<TraceId> missing)
    {
        if (missing.Count == 0)
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartArray();
        foreach (var id in missing)
        {
            json.WriteStartObject();
            json.WriteString("msg", JaegerRefusal.TraceNotFound);
            json.WriteString("traceID", JaegerIds.Format(id));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static TraceSearch Read(JaegerRequest request) => new()
    {
        Service = request["service"],
        Operation = request["operation"],
        StartNs = request.Microseconds("start") ?? request.NowNs - (DefaultLookback.Ticks * TimeSpan.NanosecondsPerTick),
        EndNs = LastOf(request.Microseconds("end") ?? request.NowNs),
        Tags = request.Tags(),
        Limit = request["limit"] is { Length: > 0 } limit ? (int)JaegerRequest.ParseInt(limit, int.MaxValue, static error => error)
            : TraceSearch.DefaultLimit,
        MinDurationNs = request.DurationNs("minDuration"),
        MaxDurationNs = request.DurationNs("maxDuration"),
        IsRaw = request.Flag("raw"),
    };

    /// <summary>The last nanosecond of a microsecond: a span whose start is shown as the end of the range lies in it.</summary>
    private static long LastOf(long microsecondNs) =>
        microsecondNs > long.MaxValue - NsPerMicrosecond ? long.MaxValue : microsecondNs + NsPerMicrosecond - 1;

    /// <summary>The id, and whether the trace is wanted as it is stored; a time range is only a hint to where it may lie.</summary>
    private static (TraceId Id, bool IsRaw) Asked(JaegerRequest request)
    {
        var text = (string)request.Context.Request.RouteValues["traceID"]!;
        if (!JaegerIds.TryParse(text, out var id, out var error))
        {
            throw JaegerRefusal.BadRequest(error);
        }
        request.Microseconds("start");
        request.Microseconds("end");
        return (id, request.Flag("raw"));
    }
}
