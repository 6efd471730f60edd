using System.Globalization;
using Microsoft.AspNetCore.Http;
using Pharos.Server.Api.Prometheus;
using Pharos.Server.Traces.Maps;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Maps;

/// <summary>Reads which map a caller wants.</summary>
internal static class MapParameters
{
    /// <summary>A longer time reads too many samples for a look at a map.</summary>
    private static readonly TimeSpan MaxDuration = TimeSpan.FromDays(31);

    /// <summary>Kiali's own: <c>duration</c>, <c>queryTime</c>, <c>graphType</c>, <c>namespaces</c>, <c>boxBy</c>,
    /// <c>injectServiceNodes</c>, <c>rateHttp</c>, <c>rateGrpc</c>, <c>rateTcp</c>.</summary>
    /// <returns>The question, or null with the reason.</returns>
    public static MapQuery? Kiali(IQueryCollection query, DateTimeOffset now, out string error)
    {
        error = "";
        if (TypeOf(query, "workload") is not { } type)
        {
            error = $"Invalid graphType [{Text(query, "graphType")}]";
            return null;
        }
        var duration = TimeSpan.FromMinutes(10);
        if (Text(query, "duration") is { Length: > 0 } wanted
            && (!GoDuration.TryParse(wanted, out duration) || duration <= TimeSpan.Zero || duration > MaxDuration))
        {
            error = $"Invalid duration [{wanted}]";
            return null;
        }
        var timeMs = now.ToUnixTimeMilliseconds();
        if (Text(query, "queryTime") is { Length: > 0 } time)
        {
            if (!long.TryParse(time, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
                || Math.Abs(seconds) > ParameterReader.MaxTimeMs / 1000)
            {
                error = $"Invalid queryTime [{time}]";
                return null;
            }
            timeMs = seconds * 1000;
        }
        var found = new MapQuery
        {
            Type = type,
            Duration = duration,
            TimeMs = timeMs,
            Namespaces = List(query, "namespaces"),
            Boxes = List(query, "boxBy"),
            InjectsServices = Text(query, "injectServiceNodes") is "true" or "1" or "t",
            HttpRate = Rate(query, "rateHttp", "requests"),
            GrpcRate = Rate(query, "rateGrpc", "requests"),
            TcpRate = Rate(query, "rateTcp", "sent"),
        };
        var unknownBox = found.Boxes.FirstOrDefault(static box => box is not ("app" or "namespace" or "cluster" or "none"));
        error = unknownBox is not null ? $"Invalid boxBy [{unknownBox}]"
            : found.HttpRate is not ("requests" or "none") ? $"Invalid HTTP rate [{found.HttpRate}]"
            : found.GrpcRate is not ("requests" or "received" or "sent" or "total" or "none") ? $"Invalid gRPC rate [{found.GrpcRate}]"
            : found.TcpRate is not ("received" or "sent" or "total" or "none") ? $"Invalid TCP rate [{found.TcpRate}]" : "";
        return error.Length == 0 ? found : null;
    }

    /// <summary>This server's own: <c>start</c>, <c>end</c>, <c>namespace</c> (again and again), <c>graphType</c>.</summary>
    /// <returns>The question, or null with the reason.</returns>
    public static MapQuery? Own(IQueryCollection query, DateTimeOffset now, out string error)
    {
        error = "";
        if (TypeOf(query, "service") is not { } type)
        {
            error = $"graphType must be app, versionedApp, workload or service, not {GoQuote.Quote(Text(query, "graphType"))}";
            return null;
        }
        var endMs = now.ToUnixTimeMilliseconds();
        if (Text(query, "end") is { Length: > 0 } end && !ParameterReader.TryParseTime(end, out endMs))
        {
            error = $"end must be seconds since 1970 or RFC 3339, not {GoQuote.Quote(end)}";
            return null;
        }
        var startMs = endMs - (10 * 60_000);
        if (Text(query, "start") is { Length: > 0 } start && !ParameterReader.TryParseTime(start, out startMs))
        {
            error = $"start must be seconds since 1970 or RFC 3339, not {GoQuote.Quote(start)}";
            return null;
        }
        if (startMs >= endMs || endMs - startMs > MaxDuration.TotalMilliseconds)
        {
            error = "start must lie before end, by 31 days at most";
            return null;
        }
        return new MapQuery
        {
            Type = type,
            TimeMs = endMs,
            Duration = TimeSpan.FromMilliseconds(endMs - startMs),
            Namespaces = [.. query["namespace"].Concat(List(query, "namespaces")).OfType<string>().Where(static name => name.Length > 0)],
        };
    }

    private static MapType? TypeOf(IQueryCollection query, string whenMissing) => (Text(query, "graphType") is { Length: > 0 } text ? text : whenMissing) switch
    {
        "app" => MapType.App,
        "versionedApp" => MapType.VersionedApp,
        "workload" => MapType.Workload,
        "service" => MapType.Service,
        _ => null,
    };

    private static string Rate(IQueryCollection query, string name, string whenMissing) => Text(query, name) is { Length: > 0 } text ? text : whenMissing;

    private static string Text(IQueryCollection query, string name) => (string?)query[name] ?? "";

    private static IReadOnlyList<string> List(IQueryCollection query, string name) =>
        Text(query, name).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
