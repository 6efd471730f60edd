using Microsoft.AspNetCore.Routing;
using Pharos.Server.Configuration;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Api.Prometheus;

/// <summary>The OpenAPI document of Prometheus' API against the routes that are mapped.</summary>
public sealed class ApiDescriptionTests : IAsyncLifetime
{
    private const string Prefix = "/api/v1";

    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Every_path_and_method_is_described_and_no_other()
    {
        var described = Operations(await DocumentAsync("3.2")).Keys.ToHashSet(StringComparer.Ordinal);
        var mapped = _server.Server.Routes.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText!.StartsWith(Prefix + "/", StringComparison.Ordinal))
            .SelectMany(route => route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
                .Select(method => $"{method.ToLowerInvariant()} {route.RoutePattern.RawText![Prefix.Length..]}"))
            // The old API of Alertmanager, and that of Zipkin, share the path.
            .Except(["post /alerts", "post /spans"]).ToHashSet(StringComparer.Ordinal);
        Assert.Equal([], mapped.Except(described).Order(StringComparer.Ordinal));
        Assert.Equal([], described.Except(mapped).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Older_document_leaves_out_only_the_stream()
    {
        var newer = await DocumentAsync("3.2");
        var older = await DocumentAsync("");
        Assert.Equal("3.1.0", Text(older, "openapi"));
        Assert.Equal("3.2.0", Text(newer, "openapi"));
        Assert.Equal(["get /notifications/live"], Operations(newer).Keys.Except(Operations(older).Keys));
        Assert.Equal(newer.Entries.Count, older.Entries.Count);
    }

    /// <summary>A parameter that is described is read: a value that it cannot hold is refused, where there is such a value.</summary>
    [Theory]
    [InlineData("get /query", "limit", "time", "timeout", "lookback_delta")]
    [InlineData("get /query_range", "limit", "start", "end", "step", "timeout", "lookback_delta")]
    [InlineData("get /query_exemplars", "start", "end")]
    [InlineData("get /labels", "limit", "start", "end", "match[]")]
    [InlineData("get /series", "limit", "start", "end", "match[]")]
    [InlineData("get /metadata", "limit", "limit_per_metric")]
    [InlineData("get /targets/metadata", "limit", "match_target")]
    [InlineData("get /rules", "type", "exclude_alerts", "group_limit", "match[]")]
    [InlineData("get /status/tsdb", "limit")]
    [InlineData("get /status/self_metrics", "metric_name_pattern")]
    public async Task Described_parameter_is_read(string operation, params string[] names)
    {
        var described = Parameters(await DocumentAsync("3.2"), operation);
        foreach (var name in names)
        {
            Assert.Contains(name, described);
            var good = operation.StartsWith("get /query", StringComparison.Ordinal) ? "query=up&start=1&end=2&step=1" : "match[]=up";
            var rest = string.Join('&', good.Split('&').Where(pair => !pair.StartsWith(name + "=", StringComparison.Ordinal)));
            var (status, _) = await _server.GetAsync($"{Prefix}{operation[4..]}?{rest}&{name}=%28");
            Assert.True(status == 400, $"{operation} takes {name}=( with {status}");
        }
    }

    private async Task<YamlMapping> DocumentAsync(string version)
    {
        using var response = await _server.Http.GetAsync($"{Prefix}/openapi.yaml?openapi_version={version}");
        Assert.Equal("application/yaml; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        var reading = new ConfigReading("openapi.yaml", await response.Content.ReadAsStringAsync());
        return Assert.IsType<YamlMapping>(YamlTreeBuilder.Build(reading));
    }

    private static Dictionary<string, YamlMapping> Operations(YamlMapping document) => ((YamlMapping)document.Find("paths")!.Value).Entries
        .SelectMany(path => ((YamlMapping)path.Value).Entries.Select(operation => (
            Name: $"{operation.Key.Text} {path.Key.Text}", (YamlMapping)operation.Value)))
        .ToDictionary(pair => pair.Name, pair => pair.Item2, StringComparer.Ordinal);

    private static List<string> Parameters(YamlMapping document, string operation)
    {
        var components = (YamlMapping)((YamlMapping)document.Find("components")!.Value).Find("parameters")!.Value;
        return [.. ((YamlSequence)Operations(document)[operation].Find("parameters")!.Value).Items.Cast<YamlMapping>()
            .Select(parameter => parameter.Find("$ref") is { } reference
                ? (YamlMapping)components.Find(((YamlScalar)reference.Value).Text.Split('/')[^1])!.Value : parameter)
            .Select(parameter => Text(parameter, "name"))];
    }

    private static string Text(YamlMapping mapping, string key) => ((YamlScalar)mapping.Find(key)!.Value).Text;
}
