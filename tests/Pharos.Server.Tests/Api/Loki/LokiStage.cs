using System.Globalization;
using System.Text;
using System.Text.Json;
using Pharos.Server.Hosting;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Api.Loki;

/// <summary>A server with a few streams in it, whose times lie a minute before now.</summary>
internal sealed class LokiStage : IAsyncDisposable
{
    public const long Second = 1_000_000_000;

    private LokiStage(RunningServer server, long baseNs)
    {
        (Server, BaseNs) = (server, baseNs);
    }

    public RunningServer Server { get; }

    /// <summary>A whole second, one minute before now.</summary>
    public long BaseNs { get; }

    public static async Task<LokiStage> StartAsync(string? lokiYml = null, Func<PharosServerOptions, PharosServerOptions>? change = null)
    {
        var folder = RunningServer.NewFolder();
        string? file = null;
        if (lokiYml is not null)
        {
            file = Path.Combine(folder, "loki.yml");
            await File.WriteAllTextAsync(file, lokiYml);
        }
        var server = await RunningServer.StartAsync(folder, options =>
        {
            var own = options with { LokiConfigFile = file, DataPath = Path.Combine(folder, "data") };
            return change?.Invoke(own) ?? own;
        });
        return new LokiStage(server, (DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60) * Second);
    }

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Pushes lines of one stream, a second apart.</summary>
    public Task<(int Status, string Body)> PushAsync(string labels, params string[] lines) => PushFromAsync(BaseNs, labels, lines);

    public async Task<(int Status, string Body)> PushFromAsync(long startNs, string labels, params string[] lines)
    {
        var values = lines.Select((line, i) => $"[\"{Text(startNs + (i * Second))}\",{JsonSerializer.Serialize(line)}]");
        return await Server.PostJsonAsync("/loki/api/v1/push", $$"""{"streams":[{"stream":{{labels}},"values":[{{string.Join(',', values)}}]}]}""");
    }

    public async Task<JsonElement> QueryRangeAsync(string query, string more = "")
    {
        var (status, body) = await Server.GetAsync($"/loki/api/v1/query_range?query={Uri.EscapeDataString(query)}{more}");
        Assert.True(status == 200, $"{status}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>As tenant.</summary>
    public async Task<(int Status, string Body)> SendAsync(
        HttpMethod method, string path, string? tenant, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (tenant is not null)
        {
            request.Headers.Add("X-Scope-OrgID", tenant);
        }
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type);
        }
        using var response = await Server.Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
