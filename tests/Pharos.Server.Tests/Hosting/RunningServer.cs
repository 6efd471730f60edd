using System.Text;
using System.Text.Json;
using Pharos.Server.Hosting;
using Pharos.Storage.Model;

namespace Pharos.Server.Tests.Hosting;

/// <summary>A server in this process on a free port, with a folder of its own for files and data.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private RunningServer(PharosServer server, string folder)
    {
        Server = server;
        Folder = folder;
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.BaseAddress };
    }

    public PharosServer Server { get; }

    public string Folder { get; }

    public HttpClient Http { get; }

    public static string NewFolder() => Directory.CreateTempSubdirectory("pharos-server-test").FullName;

    public static Task<RunningServer> StartAsync(Func<PharosServerOptions, PharosServerOptions>? change = null) =>
        StartAsync(NewFolder(), change);

    public static async Task<RunningServer> StartAsync(
        string folder, Func<PharosServerOptions, PharosServerOptions>? change = null)
    {
        var options = new PharosServerOptions
        {
            Listen = [new ListenAddress("127.0.0.1", 0)],
            UiFolder = Path.Combine(folder, "ui"),
            EnableLifecycle = true,
            EnableRemoteWriteReceiver = true,
        };
        return new RunningServer(await PharosServer.StartAsync(change?.Invoke(options) ?? options, CancellationToken.None), folder);
    }

    public void Add(long timestampMs, double value, params (string, string)[] labels)
    {
        using var appender = Server.Parts.Store.Appender();
        var reference = 0UL;
        appender.Append(ref reference, LabelSet.From(labels), timestampMs, value);
        appender.Commit();
    }

    public async Task<(int Status, string Body)> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<(int Status, string Body)> PostJsonAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync(path, content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<(int Status, string Body)> PostFormAsync(string path, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
        using var response = await Http.PostAsync(path, content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<JsonElement> JsonAsync(string path) => JsonDocument.Parse((await GetAsync(path)).Body).RootElement;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
