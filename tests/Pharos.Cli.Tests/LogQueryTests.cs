using System.Globalization;
using System.Text;

namespace Pharos.Cli.Tests;

public sealed class LogQueryTests
{
    [Fact]
    public async Task Logs_are_asked_for_with_logclis_options()
    {
        var folder = Directory.CreateTempSubdirectory("pharos-cli-logs-");
        using var server = PharosProcess.Start("serve", $"--data={folder.FullName}/data", "--web.listen-address=127.0.0.1:0");
        var address = (await server.ReadyAsync()).ToString();
        var atNs = (DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 30).ToString(CultureInfo.InvariantCulture) + "00000000";
        using var push = new StringContent(
            $$$"""
            {"streams":[{"stream":{"job":"a"},"values":[["{{{atNs}}}1","first"],["{{{atNs}}}2","error second"],["{{{atNs}}}3","third"]]},
              {"stream":{"job":"b"},"values":[["{{{atNs}}}4","other"]]}]}
            """, Encoding.UTF8, "application/json");
        Assert.Equal(204, (int)(await server.Http.PostAsync("loki/api/v1/push", push)).StatusCode);
        Assert.Equal("third\nerror second", await AskAsync(address, "{job=\"a\"}", "--output=raw", "--limit=2", "--batch=1"));
        Assert.Equal("first\nerror second\nthird", await AskAsync(address, "{job=\"a\"}", "--output=raw", "--forward", "--since=5m", "--batch=2"));
        Assert.Equal("first\nerror second\nthird", await AskAsync(address, "{job=\"a\"}", "--output=raw", "--forward", "--limit=0", "--batch=2"));
        var json = await AskAsync(address, "{job=\"b\"}", "--output=jsonl");
        Assert.Contains("\"line\":\"other\"", json, StringComparison.Ordinal);
        Assert.Contains(".000000004", json, StringComparison.Ordinal);
        Assert.DoesNotContain("\\u002B", json, StringComparison.Ordinal);
        Assert.EndsWith("Z {detected_level=\"error\"} error second", await AskAsync(
            address, "{job=\"a\"} |= \"error\"", "--timezone=UTC", "--include-label=detected_level"), StringComparison.Ordinal);
        Assert.Equal("a\nb", await AskAsync(address, "--labels=job"));
        Assert.Contains("job=\"b\"", await AskAsync(address, "{job=\"b\"}", "--series"), StringComparison.Ordinal);
        Assert.Contains("{job=\"a\"} => 3", await AskAsync(address, "sum by (job) (count_over_time({job=\"a\"}[5m]))", "--now=" + Now()), StringComparison.Ordinal);
        var (code, output) = await PharosProcess.RunAsync("query", "logs", address, "{job=");
        Assert.Equal(1, code);
        Assert.Contains("parse error at line 1, col 6", output, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static string Now() => DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static async Task<string> AskAsync(string address, params string[] more)
    {
        var (code, output) = await PharosProcess.RunAsync(["query", "logs", address, .. more]);
        Assert.True(code == 0, output);
        return output;
    }
}
