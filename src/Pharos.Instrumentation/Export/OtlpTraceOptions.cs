using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Pharos.Instrumentation.Export;

/// <summary>How traces are sent, from the options of the program and OpenTelemetry's environment variables.</summary>
/// <remarks>https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ and .../protocol/exporter/. A value that
/// cannot be read is named in <see cref="Problems"/>, and the default stands.</remarks>
internal sealed record OtlpTraceOptions
{
    private const string DefaultEndpoint = "http://localhost:4318";

    public bool IsOn { get; init; }

    /// <summary>Where batches are posted, path included.</summary>
    public required Uri Endpoint { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Bounds one batch with all of its attempts.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public bool Gzip { get; init; }

    public int MaxQueued { get; init; } = 2048;

    public int MaxBatch { get; init; } = 512;

    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(5);

    public int MaxAttributes { get; init; } = 128;

    public int MaxEvents { get; init; } = 128;

    public int MaxLinks { get; init; } = 128;

    /// <summary>Longer texts are cut; there is no limit by default.</summary>
    public int MaxValueLength { get; init; } = int.MaxValue;

    public TraceSampling Sampling { get; init; } = TraceSampling.Default;

    public IReadOnlyList<KeyValuePair<string, object>> Resource { get; init; } = [];

    /// <summary>What could not be honoured, a sentence each.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    public string ServiceName => (string)Resource.First(attribute => attribute.Key == "service.name").Value;

    public static OtlpTraceOptions Read(
        InstrumentationOptions options, IConfiguration configuration, string applicationName, string environmentName)
    {
        var read = new VariableReader(configuration);
        var protocol = configuration["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] ?? configuration["OTEL_EXPORTER_OTLP_PROTOCOL"];
        if (protocol is { Length: > 0 } and not "http/protobuf")
        {
            read.Problem($"OTEL_EXPORTER_OTLP_PROTOCOL: {protocol} is not spoken; http/protobuf is used");
        }
        foreach (var variable in new[] { "CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY" }.Select(name => $"OTEL_EXPORTER_OTLP_{name}"))
        {
            if (configuration[variable] is { Length: > 0 })
            {
                read.Problem($"{variable} is not honoured; the system's certificates are");
            }
        }
        var compression = configuration["OTEL_EXPORTER_OTLP_TRACES_COMPRESSION"] ?? configuration["OTEL_EXPORTER_OTLP_COMPRESSION"];
        var exporters = configuration["OTEL_TRACES_EXPORTER"];
        if (exporters is { Length: > 0 } and not ("otlp" or "none"))
        {
            read.Problem($"OTEL_TRACES_EXPORTER: {exporters} is not known; otlp is used");
        }
        var maxQueued = read.Number("OTEL_BSP_MAX_QUEUE_SIZE", 2048);
        var sampling = TraceSampling.Parse(configuration["OTEL_TRACES_SAMPLER"], configuration["OTEL_TRACES_SAMPLER_ARG"], read.Problem);
        return new OtlpTraceOptions
        {
            IsOn = options.ExportTraces && exporters != "none"
                && !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase),
            Endpoint = EndpointOf(options, configuration, read),
            Headers = HeadersOf(configuration["OTEL_EXPORTER_OTLP_TRACES_HEADERS"] ?? configuration["OTEL_EXPORTER_OTLP_HEADERS"], read),
            Timeout = TimeSpan.FromMilliseconds(read.Number(
                "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", read.Number("OTEL_EXPORTER_OTLP_TIMEOUT", read.Number("OTEL_BSP_EXPORT_TIMEOUT", 10_000)))),
            Gzip = compression == "gzip",
            MaxQueued = maxQueued,
            MaxBatch = Math.Min(maxQueued, read.Number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 512)),
            Delay = TimeSpan.FromMilliseconds(read.Number("OTEL_BSP_SCHEDULE_DELAY", 5000)),
            MaxAttributes = read.Number("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", read.Number("OTEL_ATTRIBUTE_COUNT_LIMIT", 128)),
            MaxEvents = read.Number("OTEL_SPAN_EVENT_COUNT_LIMIT", 128),
            MaxLinks = read.Number("OTEL_SPAN_LINK_COUNT_LIMIT", 128),
            MaxValueLength = read.Number(
                "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", read.Number("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", int.MaxValue)),
            Sampling = sampling,
            Resource = ResourceOf(options, configuration, applicationName, environmentName, read),
            Problems = read.Problems,
        };
    }

    private static Uri EndpointOf(InstrumentationOptions options, IConfiguration configuration, VariableReader read)
    {
        if (options.OtlpEndpoint is { } set)
        {
            return Below(set);
        }
        if (configuration["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] is { Length: > 0 } exact)
        {
            // This one is taken as it is.
            return Address(exact) ?? Refuse("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", exact);
        }
        return configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } general
            ? Address(general) is { } address ? Below(address) : Refuse("OTEL_EXPORTER_OTLP_ENDPOINT", general)
            : Below(new Uri(DefaultEndpoint));

        Uri Refuse(string variable, string value)
        {
            read.Problem($"{variable}: \"{value}\" is no address; {DefaultEndpoint} is used");
            return Below(new Uri(DefaultEndpoint));
        }
    }

    private static Uri? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;

    private static Uri Below(Uri address) => new(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/v1/traces");

    /// <param name="text"><c>api-key=secret,x-tenant=a%20b</c>.</param>
    private static List<KeyValuePair<string, string>> HeadersOf(string? text, VariableReader read)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in VariableReader.Pairs(text ?? "", () => read.Problem("OTEL_EXPORTER_OTLP_HEADERS: an entry is not name=value")))
        {
            headers.Add(new(name, value));
        }
        return headers;
    }

    private static List<KeyValuePair<string, object>> ResourceOf(
        InstrumentationOptions options, IConfiguration configuration, string applicationName, string environmentName, VariableReader read)
    {
        var resource = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["service.name"] = applicationName,
            ["service.instance.id"] = Guid.NewGuid().ToString(),
            ["deployment.environment"] = environmentName.ToLowerInvariant(),
            ["deployment.environment.name"] = environmentName.ToLowerInvariant(),
            ["host.name"] = Environment.MachineName,
            ["process.pid"] = (long)Environment.ProcessId,
            ["process.runtime.name"] = ".NET",
            ["process.runtime.version"] = Environment.Version.ToString(),
            ["telemetry.sdk.name"] = "pharos",
            ["telemetry.sdk.language"] = "dotnet",
            ["telemetry.sdk.version"] = typeof(OtlpTraceOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
                .InformationalVersion.Split('+')[0],
        };
        foreach (var (name, value) in VariableReader.Pairs(
            configuration["OTEL_RESOURCE_ATTRIBUTES"] ?? "", () => read.Problem("OTEL_RESOURCE_ATTRIBUTES: an entry is not name=value")))
        {
            resource[name] = value;
        }
        Set("service.name", configuration["OTEL_SERVICE_NAME"]);
        foreach (var (name, value) in options.ResourceAttributes)
        {
            Set(name, value);
        }
        Set("service.name", options.ServiceName);
        Set("service.version", options.ServiceVersion);
        return [.. resource.OrderBy(attribute => attribute.Key, StringComparer.Ordinal)];

        void Set(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                resource[name] = value;
            }
        }
    }

    /// <summary>Reads variables and notes what cannot be read.</summary>
    private sealed class VariableReader(IConfiguration configuration)
    {
        public List<string> Problems { get; } = [];

        public void Problem(string sentence) => Problems.Add(sentence);

        /// <summary>A positive number.</summary>
        public int Number(string variable, int otherwise)
        {
            var text = configuration[variable];
            if (string.IsNullOrEmpty(text))
            {
                return otherwise;
            }
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            {
                return number;
            }
            Problem($"{variable}: \"{text}\" is not a positive number; {otherwise} is used");
            return otherwise;
        }

        /// <summary>Names and values, percent-decoded, as in W3C baggage.</summary>
        public static IEnumerable<(string Name, string Value)> Pairs(string text, Action wrong)
        {
            foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var equals = entry.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0)
                {
                    wrong();
                    continue;
                }
                yield return (Uri.UnescapeDataString(entry[..equals].Trim()), Uri.UnescapeDataString(entry[(equals + 1)..].Trim()));
            }
        }
    }
}
