using System.Globalization;
using System.Text.Json;
using Pharos.Server.Traces.Maps;

namespace Pharos.Server.Api.Maps;

/// <summary>Writes a map in Kiali's form: nodes and edges with rates as texts, sorted as Kiali sorts them.</summary>
internal sealed class MapJson(Utf8JsonWriter json, bool isKialis)
{
    private static readonly string[] Protocols = ["grpc", "http", "tcp"];

    private static readonly string[] Boxes = ["cluster", "namespace", "app"];

    /// <param name="isKialis">Only what Kiali knows; otherwise health, latencies and where each edge is from, too.</param>
    public static void Write(Utf8JsonWriter json, ServiceMap map, MapQuery query, bool isKialis) => new MapJson(json, isKialis).Write(map, query);

    private void Write(ServiceMap map, MapQuery query)
    {
        json.WriteStartObject();
        json.WriteNumber("timestamp", query.TimeMs / 1000);
        json.WriteNumber("duration", query.DurationSeconds);
        json.WriteString("graphType", NameOf(map.Type));
        if (!isKialis)
        {
            json.WriteBoolean("truncated", map.IsTruncated);
        }
        json.WriteStartObject("elements");
        json.WriteStartArray("nodes");
        foreach (var node in map.Nodes.OrderBy(static node => node.IsBox.Length == 0 ? Boxes.Length : Array.IndexOf(Boxes, node.IsBox))
            .ThenBy(static node => node.Cluster, StringComparer.Ordinal).ThenBy(static node => node.Namespace, StringComparer.Ordinal)
            .ThenBy(static node => node.App, StringComparer.Ordinal).ThenBy(static node => node.Version, StringComparer.Ordinal)
            .ThenBy(static node => node.Service, StringComparer.Ordinal).ThenBy(static node => node.Workload, StringComparer.Ordinal))
        {
            WriteNode(node);
        }
        json.WriteEndArray();
        json.WriteStartArray("edges");
        foreach (var edge in map.Edges.OrderBy(static edge => edge.Source.Id, StringComparer.Ordinal)
            .ThenBy(static edge => edge.Target.Id, StringComparer.Ordinal).ThenBy(static edge => edge.Protocol, StringComparer.Ordinal))
        {
            WriteEdge(edge);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteNode(MapNode node)
    {
        json.WriteStartObject();
        json.WriteStartObject("data");
        json.WriteString("id", node.Id);
        WriteText("parent", node.Parent);
        json.WriteString("nodeType", node.Type);
        json.WriteString("cluster", node.Cluster);
        json.WriteString("namespace", node.Namespace);
        WriteText("workload", node.Workload);
        WriteText("app", node.App);
        WriteText("version", node.Version);
        WriteText("service", node.Service);
        if (node.Requested.Count > 0)
        {
            json.WriteStartArray("destServices");
            foreach (var (cluster, space, name) in node.Requested)
            {
                json.WriteStartObject();
                json.WriteString("cluster", cluster);
                json.WriteString("namespace", space);
                json.WriteString("name", name);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        WriteNodeTraffic(node);
        if (isKialis)
        {
            json.WriteNull("healthData");
        }
        else
        {
            WriteText("kind", node.Kind);
            var health = Protocols.Select(protocol => MapHealth.Of(node.Rates, protocol + "In")).Aggregate(MapHealth.Worse);
            WriteHealth("healthData", health);
            json.WriteString("color", health.Color);
        }
        WriteText("isBox", node.IsBox);
        WriteFlag("isInaccessible", node.IsInaccessible);
        WriteFlag("isInjected", node.IsInjected);
        WriteFlag("isOutside", node.IsOutside);
        WriteFlag("isRoot", !node.IsCalled);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteNodeTraffic(MapNode node)
    {
        if (node.Rates.Count == 0)
        {
            return;
        }
        json.WriteStartArray("traffic");
        foreach (var protocol in Protocols)
        {
            if (!node.Rates.Keys.Any(name => name.StartsWith(protocol, StringComparison.Ordinal)))
            {
                continue;
            }
            json.WriteStartObject();
            json.WriteString("protocol", protocol);
            json.WriteStartObject("rates");
            foreach (var (name, rate) in node.Rates.Where(pair => pair.Key.StartsWith(protocol, StringComparison.Ordinal) && pair.Value > 0))
            {
                json.WriteString(name, RateText(rate));
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void WriteEdge(MapEdge edge)
    {
        json.WriteStartObject();
        json.WriteStartObject("data");
        json.WriteString("id", ServiceMap.IdOf($"{edge.Source.Id}.{edge.Target.Id}.{edge.Protocol}"));
        json.WriteString("source", edge.Source.Id);
        json.WriteString("target", edge.Target.Id);
        if (edge.Latencies.TryGetValue("p95", out var slow))
        {
            json.WriteString("responseTime", slow.ToString("F0", CultureInfo.InvariantCulture));
        }
        json.WriteStartObject("traffic");
        json.WriteString("protocol", edge.Protocol);
        json.WriteStartObject("rates");
        foreach (var (name, rate) in edge.Rates.Where(static pair => pair.Value > 0))
        {
            json.WriteString(name, RateText(rate));
        }
        if (edge.Protocol != "tcp" && edge.Total > 0)
        {
            if (edge.Errors > 0)
            {
                json.WriteString(edge.Protocol + "PercentErr", Percent(edge.Errors, edge.Total));
            }
            json.WriteString(edge.Protocol + "PercentReq", Percent(edge.Total, edge.Source.Rates.GetValueOrDefault(edge.Protocol + "Out", edge.Total)));
        }
        json.WriteEndObject();
        WriteResponses(edge);
        json.WriteEndObject();
        if (!isKialis)
        {
            WriteMore(edge);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteResponses(MapEdge edge)
    {
        json.WriteStartObject("responses");
        foreach (var (code, responses) in edge.Responses)
        {
            json.WriteStartObject(code);
            WriteShares("flags", responses.Flags, edge.Total);
            WriteShares("hosts", responses.Hosts, edge.Total);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private void WriteShares(string name, SortedDictionary<string, double> rates, double total)
    {
        if (rates.Count == 0)
        {
            return;
        }
        json.WriteStartObject(name);
        foreach (var (key, rate) in rates)
        {
            json.WriteString(key, Percent(rate, total));
        }
        json.WriteEndObject();
    }

    /// <summary>What this server knows beyond Kiali's form.</summary>
    private void WriteMore(MapEdge edge)
    {
        json.WriteString("origin", edge.Origin);
        json.WriteNumber("rate", edge.Total);
        json.WriteNumber("errorShare", edge.Total > 0 ? edge.Errors / edge.Total : 0);
        var health = MapHealth.Of(edge.Rates, edge.Protocol);
        WriteHealth("health", health);
        json.WriteString("color", health.Color);
        json.WriteStartObject("latencies");
        foreach (var (name, milliseconds) in edge.Latencies)
        {
            json.WriteNumber(name, milliseconds);
        }
        json.WriteEndObject();
    }

    private void WriteHealth(string name, MapHealth health)
    {
        json.WriteStartObject(name);
        json.WriteString("status", health.Status);
        json.WriteNumber("errorPercent", health.ErrorPercent);
        json.WriteString("color", health.Color);
        json.WriteEndObject();
    }

    private void WriteText(string name, string text)
    {
        if (text.Length > 0)
        {
            json.WriteString(name, text);
        }
    }

    private void WriteFlag(string name, bool isSet)
    {
        if (isSet)
        {
            json.WriteBoolean(name, isSet);
        }
    }

    private static string NameOf(MapType type) => type switch
    {
        MapType.App => "app",
        MapType.VersionedApp => "versionedApp",
        MapType.Service => "service",
        _ => "workload",
    };

    private static string Percent(double part, double total) => (part / total * 100).ToString("F1", CultureInfo.InvariantCulture);

    /// <summary>Two digits, or as many more as show one that is not 0, up to five.</summary>
    private static string RateText(double rate)
    {
        var digits = 0;
        for (var shown = rate; digits < 5 && shown < 1; digits++)
        {
            shown *= 10;
        }
        return rate.ToString("F" + Math.Max(2, digits).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
