using System.Diagnostics;
using System.Text.Json;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>What a server that speaks Prometheus' API holds of some series.</summary>
internal static class StoredSamples
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Every sample of the last hour, a line each: series, time, and a number or a native histogram.</summary>
    public static async Task<HashSet<string>> ReadAsync(HttpClient client, string selector)
    {
        using var json = await QueryAsync(client, $"{selector}[1h]");
        return [.. json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().SelectMany(Lines)];
    }

    public static async Task<JsonDocument> QueryAsync(HttpClient client, string query) =>
        JsonDocument.Parse(await client.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}"));

    /// <summary>All that one server holds now arrives at the other.</summary>
    /// <param name="least">How many lines there must be for the answer to mean anything.</param>
    public static async Task ArriveAsync(HttpClient from, HttpClient to, string selector, int least)
    {
        var wanted = await ReadAsync(from, selector);
        Assert.InRange(wanted.Count, least, int.MaxValue);
        var clock = Stopwatch.StartNew();
        var missing = wanted;
        while (missing.Count > 0 && clock.Elapsed < Patience)
        {
            await Task.Delay(100);
            missing = [.. wanted.Except(await ReadAsync(to, selector))];
        }
        Assert.True(missing.Count == 0, $"{missing.Count} of {wanted.Count} did not arrive, as {missing.FirstOrDefault()}");
    }

    /// <summary>Asks again until the answer is as it should be.</summary>
    public static async Task<T> WaitAsync<T>(Func<Task<T>> ask, Predicate<T> isGood)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var answer = await ask();
            if (isGood(answer))
            {
                return answer;
            }
            Assert.True(clock.Elapsed < Patience, $"still {answer}");
            await Task.Delay(100);
        }
    }

    private static IEnumerable<string> Lines(JsonElement series)
    {
        var labels = string.Join(',', series.GetProperty("metric").EnumerateObject().Select(label => $"{label.Name}={label.Value}").Order());
        foreach (var kind in (string[])["values", "histograms"])
        {
            if (series.TryGetProperty(kind, out var samples))
            {
                foreach (var sample in samples.EnumerateArray())
                {
                    yield return $"{labels} {sample[0].GetRawText()} {sample[1].GetRawText()}";
                }
            }
        }
    }
}
