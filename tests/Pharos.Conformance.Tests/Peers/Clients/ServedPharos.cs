using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Pharos.Conformance.Tests.Peers.Clients;

/// <summary>The real executable of Pharos in a folder of its own, and the questions that tests ask it.</summary>
internal sealed class ServedPharos : IAsyncDisposable
{
    /// <summary>For what a client or a target does within a second or two; long only for a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly PeerProcess _process;

    private ServedPharos(PeerProcess process, Uri address, string folder)
    {
        _process = process;
        Address = address;
        Folder = folder;
        Client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };
    }

    public Uri Address { get; }

    /// <summary>Deleted at the end; tests put their own files there.</summary>
    public string Folder { get; }

    public HttpClient Client { get; }

    /// <param name="config">The text of prometheus.yml.</param>
    /// <param name="routing">The text of alertmanager.yml, or null where there is none.</param>
    public static async Task<ServedPharos> StartAsync(string config, string? routing = null, params IEnumerable<string> flags)
    {
        var folder = Directory.CreateTempSubdirectory("pharos-client").FullName;
        var address = new Uri($"http://127.0.0.1:{PeerProcess.FreePort()}");
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), config);
        if (routing is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "alertmanager.yml"), routing);
            flags = [.. flags, $"--alertmanager.config.file={folder}/alertmanager.yml"];
        }
        var process = await PeerProcess.ServeAsync(
            PeerProcess.Pharos, new Uri(address, $"{PrefixIn(flags)}/-/ready"),
            ["serve", $"--config.file={folder}/prometheus.yml", $"--data={folder}/data", $"--web.listen-address={address.Authority}", .. flags]);
        return new ServedPharos(process, address, folder);
    }

    /// <summary>The <c>data</c> of an answer.</summary>
    public async Task<JsonElement> DataAsync(string path)
    {
        using var json = JsonDocument.Parse(await Client.GetStringAsync(path));
        return json.RootElement.GetProperty("data").Clone();
    }

    /// <summary>An instant query's series as <c>name{labels}</c>, in the order of their text, with their values.</summary>
    public async Task<SortedDictionary<string, string>> VectorAsync(string query)
    {
        var data = await DataAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
        var vector = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in data.GetProperty("result").EnumerateArray())
        {
            vector.Add(Series(row.GetProperty("metric")), row.GetProperty("value")[1].GetString()!);
        }
        return vector;
    }

    /// <summary>The value of the one series that a query finds, or null where it finds none.</summary>
    public async Task<double?> ValueAsync(string query) => await VectorAsync(query) is { Count: 1 } one
        ? double.Parse(one.Values.Single(), CultureInfo.InvariantCulture) : null;

    /// <summary>Asks until the answer satisfies; fails with the last answer.</summary>
    public static async Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> satisfies)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var answer = await ask();
            if (satisfies(answer))
            {
                return answer;
            }
            Assert.True(clock.Elapsed < Patience, $"not within {Patience}: {JsonSerializer.Serialize(answer)}");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static string PrefixIn(IEnumerable<string> flags)
    {
        const string Flag = "--web.route-prefix=";
        return flags.FirstOrDefault(flag => flag.StartsWith(Flag, StringComparison.Ordinal))?[Flag.Length..] ?? "";
    }

    private static string Series(JsonElement metric)
    {
        var name = metric.TryGetProperty("__name__", out var found) ? found.GetString() : "";
        var labels = metric.EnumerateObject().Where(label => label.Name != "__name__").Select(label => $"{label.Name}=\"{label.Value.GetString()}\"");
        return $"{name}{{{string.Join(", ", labels)}}}";
    }
}
