using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Pharos.Collection.Shipping.Clients;
using Pharos.Collection.Shipping.Stages;
using Pharos.Server.Tests.Hosting;
using Pharos.Storage.Model;

namespace Pharos.Server.Tests.Logs;

/// <summary><c>loki_push_api</c> over HTTP. Every query follows the answer at once: 204 means stored.</summary>
public sealed class PushTargetTests : IAsyncDisposable
{
    private readonly string _folder = RunningServer.NewFolder();
    private readonly HttpClient _agent = new();
    private RunningServer? _server;

    public async ValueTask DisposeAsync()
    {
        _agent.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Pushed_lines_go_through_labels_relabeling_and_stages()
    {
        var port = FreePort();
        await StartAsync(port, """
            use_incoming_timestamp: true
                labels: {via: push}
            """, """
              relabel_configs:
              - {source_labels: [app], target_label: service}
              - {regex: app, action: labeldrop}
              - {source_labels: [service], regex: noise, action: drop}
              pipeline_stages:
              - json: {expressions: {msg: msg}}
              - output: {source: msg}
            """);
        var timeNs = NowNs() - 1_000_000_000;
        var json = $$"""
            {"streams":[{"stream":{"app":"web","__hidden":"x"},"values":[["{{timeNs}}","{\"msg\":\"from json\"}",{"trace":"t1"}]]},
             {"stream":{"app":"noise"},"values":[["{{timeNs}}","{\"msg\":\"dropped\"}"]]}]}
            """;
        Assert.Equal((204, ""), await PushAsync(port, json));
        using var packed = new ByteArrayContent(PushEncoding.Encode(
            [new ShippedEntry(LabelSet.From(("app", "db")), timeNs, "{\"msg\":\"from protobuf\"}")], LabelSet.Empty));
        packed.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var answer = await _agent.PostAsync($"http://127.0.0.1:{port}/loki/api/v1/push", packed);
        Assert.Equal(204, (int)answer.StatusCode);
        Assert.Equal(
            [$"db|push|{timeNs}|from protobuf", $"web|push|{timeNs}|from json"],
            await StoredAsync("{via=\"push\"}", "service", "via"));
        Assert.Single(await StoredAsync("{via=\"push\"} | trace=\"t1\""));
        Assert.Empty(await StoredAsync("{app=~\".+\"}"));
    }

    [Fact]
    public async Task Raw_text_is_a_line_each_with_the_time_of_its_arrival()
    {
        var port = FreePort();
        await StartAsync(port, "labels: {via: raw}");
        var before = NowNs();
        using var text = new StringContent("one\r\n\ntwo\nthree");
        using var answer = await _agent.PostAsync($"http://127.0.0.1:{port}/promtail/api/v1/raw", text);
        Assert.Equal(204, (int)answer.StatusCode);
        var stored = await StoredAsync("{via=\"raw\"}");
        Assert.Equal(["one", "three", "two"], stored.Select(static line => line.Split('|')[1]).Order(StringComparer.Ordinal));
        Assert.All(stored, line => Assert.InRange(long.Parse(line.Split('|')[0], CultureInfo.InvariantCulture), before, NowNs()));
    }

    [Fact]
    public async Task The_answer_waits_for_lines_that_a_stage_keeps_back()
    {
        var port = FreePort();
        await StartAsync(port, "labels: {via: block}", """
              pipeline_stages:
              - multiline: {firstline: '^start', max_wait_time: 3s}
            """);
        var first = PushAsync(port, Push("start"));

        // Two requests at once would come in any order.
        await Task.Delay(300);
        Assert.False(first.IsCompleted);
        var second = PushAsync(port, Push(" more"));
        Assert.Equal(204, (await first).Status);
        Assert.Equal(204, (await second).Status);
        Assert.Equal(["start\n more"], (await StoredAsync("{via=\"block\"}")).Select(static line => line.Split('|')[1]));
    }

    [Theory]
    [InlineData("POST", "/loki/api/v1/push", "application/json", "{", 400)]
    [InlineData("POST", "/loki/api/v1/push", "text/plain", "x", 400)]
    [InlineData("POST", "/loki/api/v1/push", "application/x-protobuf", "x", 400)]
    [InlineData("POST", "/loki/api/v1/push", "application/json", """{"streams":[{"labels":"{a=","entries":[]}]}""", 400)]
    [InlineData("GET", "/loki/api/v1/push", "", "", 405)]
    [InlineData("GET", "/ready", "", "", 200)]
    [InlineData("GET", "/metrics", "", "", 404)]
    public async Task Other_requests_are_answered(string method, string path, string type, string body, int expected)
    {
        var port = FreePort();
        await StartAsync(port, "labels: {via: push}");
        using var request = new HttpRequestMessage(new HttpMethod(method), $"http://127.0.0.1:{port}{path}");
        if (method == "POST")
        {
            request.Content = new StringContent(body, Encoding.UTF8, type);
        }
        using var answer = await _agent.SendAsync(request);
        Assert.Equal(expected, (int)answer.StatusCode);
        Assert.EndsWith("\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(await StoredAsync("{via=\"push\"}"));
    }

    [Fact]
    public async Task The_sender_s_tenant_is_a_label_to_relabel()
    {
        var port = FreePort();
        await File.WriteAllTextAsync(Path.Combine(_folder, "loki.yml"), "auth_enabled: true\n");
        await StartAsync(port, "labels: {via: push}", """
              relabel_configs:
              - {source_labels: [__tenant_id__], target_label: sender}
              - {source_labels: [__tenant_id__], regex: guest, target_label: __tenant_id__, replacement: shared}
            """, "loki.yml");
        Assert.Equal(204, (await PushAsync(port, Push("of guest"), "guest")).Status);
        Assert.Equal(204, (await PushAsync(port, Push("of one"), "one")).Status);
        _server!.Http.DefaultRequestHeaders.Add("X-Scope-OrgID", "shared");
        Assert.Equal(["guest"], (await StoredAsync("{via=\"push\"}", "sender")).Select(static line => line.Split('|')[0]));
        _server.Http.DefaultRequestHeaders.Remove("X-Scope-OrgID");
        _server.Http.DefaultRequestHeaders.Add("X-Scope-OrgID", "one");
        Assert.Equal(["one"], (await StoredAsync("{via=\"push\"}", "sender")).Select(static line => line.Split('|')[0]));
    }

    [Fact]
    public async Task Without_tenants_a_sender_s_tenant_hides_nothing()
    {
        var port = FreePort();
        await StartAsync(port, "labels: {via: push}");
        Assert.Equal(204, (await PushAsync(port, Push("line"), "somebody")).Status);
        Assert.Single(await StoredAsync("{via=\"push\"}"));
    }

    [Fact]
    public async Task A_reload_moves_the_port()
    {
        var (before, after) = (FreePort(), FreePort());
        await StartAsync(before, "labels: {via: push}");
        Assert.Equal(204, (await PushAsync(before, Push("one"))).Status);
        await WriteAsync(after, "labels: {via: push}", "");
        Assert.Empty(await _server!.Server.ReloadAsync(CancellationToken.None));
        await WaitForAsync(after);
        Assert.Equal(204, (await PushAsync(after, Push("two"))).Status);
        await Assert.ThrowsAsync<HttpRequestException>(() => PushAsync(before, Push("three")));
        Assert.Equal(2, (await StoredAsync("{via=\"push\"}")).Count);
    }

    [Fact]
    public async Task A_port_in_use_is_told_with_its_number()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await StartAsync(port, "labels: {via: push}", waits: false);
        string Fault() => _server!.Server.Parts.Shipper.Jobs.SelectMany(static job => job.Sources).Single().Fault;
        for (var i = 0; i < 100 && Fault().Length == 0; i++)
        {
            await Task.Delay(50);
        }
        Assert.Equal($"cannot listen on 127.0.0.1:{port}: port {port} is in use by another program; choose another server.http_listen_port", Fault());
    }

    private static string Push(string line) =>
        $$"""{"streams":[{"stream":{"job":"a"},"values":[["{{NowNs()}}",{{JsonSerializer.Serialize(line)}}]]}]}""";

    private static long NowNs() => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task StartAsync(int port, string target, string more = "", string? loki = null, bool waits = true)
    {
        var file = await WriteAsync(port, target, more);
        _server = await RunningServer.StartAsync(_folder, options => options with
        {
            PromtailConfigFile = file,
            DataPath = Path.Combine(_folder, "data"),
            LokiConfigFile = loki is null ? null : Path.Combine(_folder, loki),
        });
        if (waits)
        {
            await WaitForAsync(port);
        }
    }

    private async Task<string> WriteAsync(int port, string target, string more)
    {
        var file = Path.Combine(_folder, "promtail.yml");
        await File.WriteAllTextAsync(file, $$"""
            positions: {filename: '{{_folder}}/positions.yaml'}
            scrape_configs:
            - job_name: agents
              loki_push_api:
                server: {http_listen_address: 127.0.0.1, http_listen_port: {{port}}}
                {{target}}
            {{more}}
            """);
        return file;
    }

    private async Task WaitForAsync(int port)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                using var answer = await _agent.GetAsync($"http://127.0.0.1:{port}/ready");
                return;
            }
            catch (HttpRequestException) when (i < 100)
            {
                await Task.Delay(50);
            }
        }
    }

    private async Task<(int Status, string Body)> PushAsync(int port, string json, string? tenant = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}/loki/api/v1/push")
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        if (tenant is not null)
        {
            request.Headers.Add("X-Scope-OrgID", tenant);
        }
        using var answer = await _agent.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Each entry as the values of these labels, its time and its line.</summary>
    private async Task<List<string>> StoredAsync(string query, params string[] labels)
    {
        var answer = await _server!.JsonAsync($"/loki/api/v1/query_range?query={Uri.EscapeDataString(query)}");
        var found = new List<string>();
        foreach (var stream in answer.GetProperty("data").GetProperty("result").EnumerateArray())
        {
            var names = labels.Select(label => stream.GetProperty("stream").GetProperty(label).GetString() + "|");
            found.AddRange(stream.GetProperty("values").EnumerateArray()
                .Select(value => $"{string.Concat(names)}{value[0].GetString()}|{value[1].GetString()}"));
        }
        found.Sort(StringComparer.Ordinal);
        return found;
    }
}
