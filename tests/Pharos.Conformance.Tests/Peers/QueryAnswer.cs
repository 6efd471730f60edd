using System.Text.Json;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>What <c>/api/v1/query</c> or <c>/api/v1/query_range</c> answered, as points.</summary>
internal sealed class QueryAnswer
{
    /// <summary>Relative: the order of additions may differ, the result may not.</summary>
    private const double Tolerance = 1e-9;

    private readonly Dictionary<(LabelSet Labels, long TimeMs), double> _points = [];

    /// <summary>Why the query was refused, or null.</summary>
    public string? Error { get; private init; }

    public int Count => _points.Count;

    public static async Task<QueryAnswer> AskAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        if (json.RootElement.GetProperty("status").GetString() != "success")
        {
            return new QueryAnswer { Error = json.RootElement.GetProperty("error").GetString() };
        }
        var answer = new QueryAnswer();
        answer.Read(json.RootElement.GetProperty("data").GetProperty("result"));
        return answer;
    }

    /// <summary>How this differs from the peer's answer, or null.</summary>
    public string? Difference(QueryAnswer peer)
    {
        if (Error is not null || peer.Error is not null)
        {
            return Error == peer.Error ? null : $"refused with '{Error}', the peer with '{peer.Error}'";
        }
        var missing = peer._points.Keys.Except(_points.Keys).ToList();
        var extra = _points.Keys.Except(peer._points.Keys).ToList();
        if (missing.Count + extra.Count > 0)
        {
            return $"{missing.Count} points missing, {extra.Count} too many, first {missing.Concat(extra).First()}";
        }
        foreach (var (key, wanted) in peer._points)
        {
            var actual = _points[key];
            if (!wanted.Equals(actual) && !(Math.Abs(wanted - actual) <= Tolerance * Math.Max(Math.Abs(wanted), Math.Abs(actual))))
            {
                return $"{key} is {actual:R}, not {wanted:R}";
            }
        }
        return null;
    }

    private void Read(JsonElement result)
    {
        if (result.GetArrayLength() > 0 && result[0].ValueKind == JsonValueKind.Number)
        {
            Add(LabelSet.Empty, result);
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
        Assert.True(GoFloat.TryParse(pair[1].GetString(), out var value));
        _points[(labels, (long)Math.Round(pair[0].GetDouble() * 1000))] = value;
    }
}
