using Pharos.Server.Configuration.Jaeger;

namespace Pharos.Server.Tests.Configuration.Jaeger;

public sealed class JaegerEnvironmentTests
{
    [Fact]
    public void Environment_of_the_seeds_deployment_works_as_it_stands()
    {
        var environment = Read(
            ("COLLECTOR_ZIPKIN_HOST_PORT", ":9411"), ("COLLECTOR_OTLP_ENABLED", "true"), ("SPAN_STORAGE_TYPE", "elasticsearch"),
            ("ES_SERVER_URLS", "http://elasticsearch:9200"), ("ES_INDEX_PREFIX", "jaeger"), ("PATH", "/bin"), ("QUERY_STRING", "x"));
        Assert.Equal(":9411", environment.Address("--collector.zipkin.host-port"));
        Assert.Null(environment.Address("collector.http-server.host-port"));
        Assert.True(environment.OtlpEnabled);
        Assert.Equal(
            ["ES_INDEX_PREFIX", "ES_SERVER_URLS", "SPAN_STORAGE_TYPE"],
            environment.Warnings.Select(static warning => warning[..warning.IndexOf(' ', StringComparison.Ordinal)]));
        Assert.All(environment.Warnings, static warning => Assert.Contains("changes nothing: ", warning, StringComparison.Ordinal));
    }

    [Fact]
    public void What_has_a_meaning_here_is_followed()
    {
        var environment = Read(
            ("QUERY_BASE_PATH", "/jaeger/"), ("QUERY_HTTP_SERVER_HOST_PORT", "16600"), ("SAMPLING_STRATEGIES_FILE", "/etc/s.json"), ("SAMPLING_STRATEGIES_RELOAD_INTERVAL", "1m30s"));
        Assert.Equal("/jaeger", environment.QueryBasePath);
        Assert.Equal(":16600", environment.Address("query.http-server.host-port"));
        Assert.Equal(("/etc/s.json", TimeSpan.FromSeconds(90)), (environment.Sampling.StrategiesFile, environment.Sampling.ReloadInterval));
        Assert.Null(environment.OtlpEnabled);
        Assert.Empty(environment.Warnings);
    }

    [Fact]
    public void Adaptive_sampling_takes_jaegers_numbers()
    {
        var adaptive = Read(("SAMPLING_CONFIG_TYPE", "adaptive"), ("SAMPLING_TARGET_SAMPLES_PER_SECOND", "2.5"), ("SAMPLING_CALCULATION_INTERVAL", "30s"))
            .Sampling.Adaptive;
        Assert.Equal((2.5, TimeSpan.FromSeconds(30), 0.3), (adaptive!.TargetSamplesPerSecond, adaptive.CalculationInterval, adaptive.DeltaTolerance));
    }

    [Fact]
    public void Tenants_are_told_apart_where_they_are_to_be()
    {
        var tenancy = Read(("MULTI_TENANCY_ENABLED", "true"), ("MULTI_TENANCY_HEADER", "jaeger-tenant"), ("MULTI_TENANCY_TENANTS", "acme, other")).Tenancy;
        Assert.Equal((true, "jaeger-tenant"), (tenancy.Enabled, tenancy.Header));
        Assert.Equal(["acme", "other"], tenancy.Tenants);
        Assert.Equal((false, "x-tenant"), (Read().Tenancy.Enabled, Read().Tenancy.Header));
        Assert.Contains("MULTI_TENANCY_ENABLED", Assert.Throws<FormatException>(static () => Read(("MULTI_TENANCY_ENABLED", "maybe"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Badgers_retention_and_the_clocks_difference_are_followed()
    {
        var environment = Read(("BADGER_SPAN_STORE_TTL", "48h0m0s"), ("QUERY_MAX_CLOCK_SKEW_ADJUSTMENT", "1.5s"));
        Assert.Equal((TimeSpan.FromHours(48), TimeSpan.FromSeconds(1.5)), (environment.SpanRetention, environment.MaxClockSkewAdjustment));
        Assert.Empty(environment.Warnings);
    }

    [Theory]
    [InlineData("BADGER_SPAN_STORE_TTL", "two days")]
    [InlineData("COLLECTOR_OTLP_ENABLED", "yes")]
    [InlineData("SAMPLING_CONFIG_TYPE", "magic")]
    [InlineData("SAMPLING_STRATEGIES_RELOAD_INTERVAL", "5 minutes")]
    public void Value_that_is_none_is_an_error_that_names_variable_and_value(string name, string value)
    {
        var error = Assert.Throws<FormatException>(() => Read((name, value)));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BADGER_EPHEMERAL")]
    [InlineData("CASSANDRA_SERVERS")]
    [InlineData("COLLECTOR_QUEUE_SIZE")]
    [InlineData("COLLECTOR_OTLP_GRPC_TLS_ENABLED")]
    [InlineData("MEMORY_MAX_TRACES")]
    [InlineData("METRICS_STORAGE_TYPE")]
    [InlineData("PROMETHEUS_SERVER_URL")]
    [InlineData("QUERY_UI_CONFIG")]
    [InlineData("PROCESSOR_JAEGER_COMPACT_SERVER_QUEUE_SIZE")]
    public void What_has_none_is_named_once(string name) =>
        Assert.StartsWith($"{name} changes nothing: ", Assert.Single(Read((name, "x")).Warnings), StringComparison.Ordinal);

    private static JaegerEnvironment Read(params (string Name, string Value)[] variables) =>
        new(variables.ToDictionary(static variable => variable.Name, static variable => variable.Value, StringComparer.Ordinal));
}
