using System.Text;
using Pharos.Collection.Receivers.Loki.Enrichment;
using Pharos.Collection.Receivers.Loki.Intake;

namespace Pharos.Collection.Tests.Receivers.Loki;

public sealed class EnrichmentTests
{
    [Theory]
    [InlineData("""{"msg":"x","level":"WARN"}""", "warn")]
    [InlineData("""{ "severity" : "Error", "level":"info"}""", "error")]
    [InlineData("""{"msg":"level: error \"level\":\"fatal\"","level":"debug"}""", "debug")]
    [InlineData("""{"log":{"level":"critical"}}""", "critical")]
    [InlineData("""{"a":{"b":{"level":"error"}},"x":"info"}""", "error")]
    [InlineData("""{"items":[{"level":"error"}],"lvl":"trace"}""", "trace")]
    [InlineData("""{"level":30,"msg":"pino"}""", "info")]
    [InlineData("""{"level":50}""", "error")]
    [InlineData("""{"msg":"nothing to see"}""", "unknown")]
    [InlineData("""{"msg":"broken""", "unknown")]
    [InlineData("ts=1 level=warn msg=\"error here\"", "warn")]
    [InlineData("msg=\"a level=error b\" level=debug", "debug")]
    [InlineData("lvl=\"INFO\"", "info")]
    [InlineData("2024 [ERROR] it broke", "error")]
    [InlineData("Warning: disk", "warn")]
    [InlineData("informed terrors", "unknown")]
    [InlineData("a=b&c=d nothing", "unknown")]
    [InlineData("", "unknown")]
    [InlineData("=", "unknown")]
    [InlineData("{", "unknown")]
    [InlineData("""{"level":""", "unknown")]
    public void A_lines_level_is_found(string line, string level) =>
        Assert.Equal(level, Encoding.UTF8.GetString(LevelDetection.Of(Encoding.UTF8.GetBytes(line), LevelFields.Default)));

    [Fact]
    public void Labels_go_before_metadata_and_metadata_before_the_line()
    {
        using var stage = new PushStage();
        stage.Json(
            """
            {"streams":[{"stream":{"job":"a","level":"Warning"},"values":[["1700000000000000000","error"]]},
              {"stream":{"job":"a"},"values":[["1700000000000000000","error",{"severity":"debug"}],["1700000000000000000","x",{"severity_number":"17"}],
              ["1700000000000000000","info",{"detected_level":"own"}],["1700000000000000000","info"]]}]}
            """);
        Assert.Equal(["warn", "debug", "error", "own", "info"], stage.Store.Entries.Select(static entry => entry.Level));
    }

    [Fact]
    public void Nothing_is_added_where_the_tenant_wants_that()
    {
        using var stage = new PushStage(LokiIngestLimits.Default with { DiscoverLevels = false, ServiceNameSources = [] });
        stage.Json(PushStage.One("error"));
        var entry = Assert.Single(stage.Store.Entries);
        Assert.Equal(("{job=\"a\"}", ""), (entry.Stream, entry.Level));
    }

    [Theory]
    [InlineData("""{"job":"a","app":"b"}""", "b")]
    [InlineData("""{"job":"a","app":"b","service":"c"}""", "c")]
    [InlineData("""{"job":"a","service_name":"own"}""", "own")]
    [InlineData("""{"x":"a"}""", "unknown_service")]
    public void A_stream_has_a_service_name(string labels, string service)
    {
        using var stage = new PushStage();
        stage.Json(PushStage.One("x", labels));
        Assert.Contains($"service_name=\"{service}\"", Assert.Single(stage.Store.Entries).Stream, StringComparison.Ordinal);
    }
}
