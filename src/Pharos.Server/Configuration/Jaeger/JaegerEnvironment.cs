using System.Globalization;
using Pharos.Collection.Sampling;
using Pharos.Server.Traces;
using Pharos.Storage.Text;

namespace Pharos.Server.Configuration.Jaeger;

/// <summary>What the environment of a Jaeger 1 deployment asks for, read as it stands.</summary>
public sealed class JaegerEnvironment
{
    private readonly IReadOnlyDictionary<string, string> _variables;

    /// <param name="variables">By name; empty values count as missing.</param>
    /// <exception cref="FormatException">A variable's value is none; the message names both.</exception>
    public JaegerEnvironment(IReadOnlyDictionary<string, string> variables)
    {
        _variables = variables;
        QueryBasePath = PathOf(Value("QUERY_BASE_PATH"));
        OtlpEnabled = Value("COLLECTOR_OTLP_ENABLED") is { } otlp ? JaegerVariables.Flag("COLLECTOR_OTLP_ENABLED", otlp) : null;
        SpanRetention = Duration("BADGER_SPAN_STORE_TTL");
        MaxClockSkewAdjustment = Duration("QUERY_MAX_CLOCK_SKEW_ADJUSTMENT") ?? TimeSpan.Zero;
        Sampling = ReadSampling();
        Tenancy = ReadTenancy();
        Warnings =
        [
            .. variables.Keys.Order(StringComparer.Ordinal)
                .Select(static name => (Name: name, Instead: JaegerVariables.InsteadOf(name)))
                .Where(static pair => pair.Instead is not null)
                .Select(static pair => $"{pair.Name} changes nothing: {pair.Instead}"),
        ];
    }

    /// <summary>With a slash in front and none behind; empty for none.</summary>
    public string QueryBasePath { get; }

    /// <summary>Null where nothing is said.</summary>
    public bool? OtlpEnabled { get; }

    /// <summary>How long spans are kept; null where nothing is said.</summary>
    public TimeSpan? SpanRetention { get; }

    /// <summary>How far spans may be moved to stand within their parents; zero for not at all.</summary>
    public TimeSpan MaxClockSkewAdjustment { get; }

    public SamplingOptions Sampling { get; }

    public TraceTenancy Tenancy { get; }

    /// <summary>One for each variable that changes nothing.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Of this process.</summary>
    /// <exception cref="FormatException">A variable's value is none; the message names both.</exception>
    public static JaegerEnvironment OfProcess()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }
        return new JaegerEnvironment(variables);
    }

    /// <summary>Where a port listens that a flag of Jaeger's name sets: <c>host:port</c>, <c>:port</c>; null where nothing is said.</summary>
    /// <param name="flag">A port alone, which Jaeger takes, too, is given with a colon.</param>
    public string? Address(string flag) =>
        Value(JaegerVariables.NameOf(flag)) is not { } text ? null : text.Contains(':') ? text : ":" + text;

    private static string PathOf(string? path) => path?.Trim('/') is { Length: > 0 } trimmed ? "/" + trimmed : "";

    private string? Value(string name) => _variables.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    private SamplingOptions ReadSampling()
    {
        switch (Value("SAMPLING_CONFIG_TYPE"))
        {
            case null or "static" or "file":
                return new SamplingOptions
                {
                    StrategiesFile = Value("SAMPLING_STRATEGIES_FILE"),
                    ReloadInterval = Duration("SAMPLING_STRATEGIES_RELOAD_INTERVAL") ?? TimeSpan.Zero,
                };
            case "adaptive":
                var usual = new AdaptiveSamplingOptions();
                return new SamplingOptions
                {
                    Adaptive = usual with
                    {
                        TargetSamplesPerSecond = Number("SAMPLING_TARGET_SAMPLES_PER_SECOND", double.Epsilon, 1e9) ?? usual.TargetSamplesPerSecond,
                        DeltaTolerance = Number("SAMPLING_DELTA_TOLERANCE", double.Epsilon, 1) ?? usual.DeltaTolerance,
                        CalculationInterval = Duration("SAMPLING_CALCULATION_INTERVAL") is { } interval && interval > TimeSpan.Zero
                            ? interval : usual.CalculationInterval,
                        AggregationBuckets = (int)(Number("SAMPLING_AGGREGATION_BUCKETS", 1, 1_000) ?? usual.AggregationBuckets),
                        InitialSamplingProbability = Number("SAMPLING_INITIAL_SAMPLING_PROBABILITY", double.Epsilon, 1) ?? usual.InitialSamplingProbability,
                        MinSamplingProbability = Number("SAMPLING_MIN_SAMPLING_PROBABILITY", double.Epsilon, 1) ?? usual.MinSamplingProbability,
                        MinSamplesPerSecond = Number("SAMPLING_MIN_SAMPLES_PER_SECOND", double.Epsilon, 1e9) ?? usual.MinSamplesPerSecond,
                    },
                };
            case var type:
                throw new FormatException($"SAMPLING_CONFIG_TYPE: {GoQuote.Quote(type ?? "")} is neither file nor adaptive");
        }
    }

    private TraceTenancy ReadTenancy() => TraceTenancy.Off with
    {
        Enabled = Value("MULTI_TENANCY_ENABLED") is { } enabled && JaegerVariables.Flag("MULTI_TENANCY_ENABLED", enabled),
        Header = Value("MULTI_TENANCY_HEADER") ?? TraceTenancy.Off.Header,
        Tenants = Value("MULTI_TENANCY_TENANTS")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
    };

    private TimeSpan? Duration(string name) => Value(name) is not { } text ? null
        : GoDuration.TryParse(text, out var duration) && duration >= TimeSpan.Zero ? duration
        : throw new FormatException($"{name}: not a duration: {GoQuote.Quote(text)}");

    private double? Number(string name, double min, double max) => Value(name) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : throw new FormatException($"{name}: not a number that is allowed here: {GoQuote.Quote(text)}");
}
