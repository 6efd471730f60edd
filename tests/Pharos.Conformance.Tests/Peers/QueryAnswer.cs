using System.Text.Json;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>What <c>/api/v1/query</c> or <c>/api/v1/query_range</c> answered, as points.</summary>
internal sealed class QueryAnswer
{
    /// <summary>Relative: the order of additions may differ, the result may not.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>What divisions of values of the size of one may leave where these cancel.</summary>
    private const double MaxRemainder = 1e-15;

    private readonly Dictionary<(LabelSet Labels, long TimeMs), double> _points = [];

    /// <summary>Why the query was refused, or null.</summary>
    public string? Error { get; private init; }

    /// <summary>Vector, matrix, scalar or string.</summary>
    public string? Type { get; private init; }

    public int Count => _points.Count;

    public static async Task<QueryAnswer> AskAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        if (json.RootElement.GetProperty("status").GetString() != "success")
        {
            return new QueryAnswer { Error = json.RootElement.GetProperty("error").GetString() };
        }
        var data = json.RootElement.GetProperty("data");
        var answer = new QueryAnswer { Type = data.GetProperty("resultType").GetString() };
        answer.Read(data.GetProperty("result"));
        return answer;
    }

    /// <summary>How this differs from the peer's answer, or null.</summary>
    public string? Difference(QueryAnswer peer)
    {
        if (Error is not null || peer.Error is not null)
        {
            return Error == peer.Error ? null : $"refused with '{Error}', the peer with '{peer.Error}'";
        }
        if (Type != peer.Type)
        {
            return $"a {Type}, not a {peer.Type}";
        }
        var missing = peer._points.Keys.Except(_points.Keys).ToList();
        var extra = _points.Keys.Except(peer._points.Keys).ToList();
        if (missing.Count + extra.Count > 0)
        {
            return $"{missing.Count} of {peer.Count} points missing, {extra.Count} too many, first {string.Join(" and ", missing.Take(1).Concat(extra.Take(1)))}";
        }
        foreach (var (key, wanted) in peer._points)
        {
            if (!AreNear(wanted, _points[key]))
            {
                return $"{key} is {_points[key]:R}, not {wanted:R}";
            }
        }
        return null;
    }

    /// <summary>Whether this differs from the peer's answer only where it is 0 and the peer's next to nothing.</summary>
    public bool CancelsWhere(QueryAnswer peer) => Error is null && peer.Error is null && Type == peer.Type && Count == peer.Count
        && peer._points.All(point => _points.TryGetValue(point.Key, out var actual)
            && (AreNear(point.Value, actual) || (actual == 0 && Math.Abs(point.Value) <= MaxRemainder)));

    private static bool AreNear(double wanted, double actual) =>
        wanted.Equals(actual) || Math.Abs(wanted - actual) <= Tolerance * Math.Max(Math.Abs(wanted), Math.Abs(actual));

    private void Read(JsonElement result)
    {
        if (Type is "scalar" or "string")
        {
            Add(Type == "scalar" ? LabelSet.Empty : LabelSet.From(("text", result[1].GetString()!)), result);
            return;
        }
        foreach (var row in result.EnumerateArray())
        {
            var labels = LabelSet.From(row.GetProperty("metric").EnumerateObject()
                .Select(label => KeyValuePair.Create(label.Name, label.Value.GetString()!)));
            var pairs = row.TryGetProperty("value", out var single) ? [single] : row.GetProperty("values").EnumerateArray().ToList();
            pairs.ForEach(pair => Add(labels, pair));
        }
    }

    private void Add(LabelSet labels, JsonElement pair)
    {
        var value = 0.0;
        Assert.True(Type == "string" || GoFloat.TryParse(pair[1].GetString(), out value));
        _points.Add((labels, (long)Math.Round(pair[0].GetDouble() * 1000)), value);
    }
}
