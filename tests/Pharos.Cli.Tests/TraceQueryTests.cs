using System.Globalization;
using System.Text;

namespace Pharos.Cli.Tests;

public sealed class TraceQueryTests
{
    private const string Id = "5b8efff798038103d269b633813fc60c";

    [Fact]
    public async Task Traces_are_listed_and_shown_as_a_tree()
    {
        var folder = Directory.CreateTempSubdirectory("pharos-cli-traces-");
        using var server = PharosProcess.Start("serve", $"--data={folder.FullName}/data", "--web.listen-address=127.0.0.1:0");
        var address = (await server.ReadyAsync()).ToString();
        var seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 30;
        using var spans = new StringContent(
            $$$"""
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"web"}}]},"scopeSpans":[{"spans":[
              {"traceId":"{{{Id}}}","spanId":"eee19b7ec3c1b174","name":"GET /","kind":2,
               "startTimeUnixNano":"{{{Ns(seconds)}}}","endTimeUnixNano":"{{{Ns(seconds + 1)}}}",
               "status":{"code":2},"attributes":[{"key":"http.method","value":{"stringValue":"GET"}}]},
              {"traceId":"{{{Id}}}","spanId":"eee19b7ec3c1b175","parentSpanId":"eee19b7ec3c1b174","name":"select",
               "startTimeUnixNano":"{{{Ns(seconds)}}}","endTimeUnixNano":"{{{Ns(seconds)}}}"}]}]}]}
            """, Encoding.UTF8, "application/json");
        Assert.Equal(200, (int)(await server.Http.PostAsync("v1/traces", spans)).StatusCode);
        var list = await AskAsync(address, "--service=web", "--operation=GET /", "--tag=http.method=GET", "--min-duration=1s", "--since=5m", "--limit=5");
        Assert.StartsWith("TRACE", list, StringComparison.Ordinal);
        Assert.Contains($"{Id}  ", list, StringComparison.Ordinal);
        Assert.Contains("  1s        2      1       web      GET /", list, StringComparison.Ordinal);
        var tree = await AskAsync(address, Id);
        Assert.Contains("GET /     web", tree, StringComparison.Ordinal);
        Assert.Contains("  select  web", tree, StringComparison.Ordinal);
        Assert.Contains("error", tree, StringComparison.Ordinal);
        Assert.StartsWith($$"""[{"traceID":"{{Id}}","spans":[""", await AskAsync(address, "--service=web", "--output=json"), StringComparison.Ordinal);
        Assert.DoesNotContain(Id, await AskAsync(address, "--service=web", "--tag=http.method=POST"), StringComparison.Ordinal);
        var (code, output) = await PharosProcess.RunAsync("query", "traces", address, "123456789");
        Assert.Equal(1, code);
        Assert.Contains("trace not found", output, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static string Ns(long seconds) => seconds.ToString(CultureInfo.InvariantCulture) + "000000000";

    private static async Task<string> AskAsync(string address, params string[] more)
    {
        var (code, output) = await PharosProcess.RunAsync(["query", "traces", address, .. more]);
        Assert.True(code == 0, output);
        return output;
    }
}
