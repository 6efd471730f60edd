using System.Text.Json;

namespace Pharos.Collection.Sampling;

/// <summary>Jaeger's file of sampling strategies: a default, services, and operations within both.</summary>
/// <remarks>Immutable. An operation of the default strategy is an operation of every service that does not name it itself.</remarks>
public sealed class StaticStrategies
{
    /// <summary>Every service gets <see cref="SamplingStrategy.Default"/>.</summary>
    public static readonly StaticStrategies Empty = new(SamplingStrategy.Default, new Dictionary<string, SamplingStrategy>(StringComparer.Ordinal), []);

    /// <summary>Bounds services and operations of one file.</summary>
    private const int MaxStrategies = 100_000;

    private readonly SamplingStrategy _fallback;
    private readonly Dictionary<string, SamplingStrategy> _services;

    private StaticStrategies(SamplingStrategy fallback, Dictionary<string, SamplingStrategy> services, IReadOnlyList<string> warnings)
    {
        _fallback = fallback;
        _services = services;
        Warnings = warnings;
    }

    /// <summary>What of the file is not used, and why.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <exception cref="InvalidDataException">The text is no such file; the message says where.</exception>
    public static StaticStrategies Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Disallow });
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"failed to unmarshal strategies: {e.Message}", e);
        }
    }

    public SamplingStrategy Of(string service) => _services.GetValueOrDefault(service, _fallback);

    private static StaticStrategies Read(JsonElement root)
    {
        var warnings = new List<string>();
        var fallback = root.TryGetProperty("default_strategy", out var given) && given.ValueKind is not JsonValueKind.Null
            ? ReadService(given, "default_strategy", warnings) : SamplingStrategy.Default;
        var services = new Dictionary<string, SamplingStrategy>(StringComparer.Ordinal);
        foreach (var element in Items(root, "service_strategies"))
        {
            var service = Text(element, "service");
            services[service] = Merge(ReadService(element, service, warnings), fallback.Operations);
            if (services.Count > MaxStrategies)
            {
                throw new InvalidDataException($"failed to unmarshal strategies: more than {MaxStrategies} services");
            }
        }
        return new StaticStrategies(fallback, services, warnings);
    }

    private static SamplingStrategy ReadService(JsonElement element, string where, List<string> warnings)
    {
        var strategy = ReadStrategy(element, where, warnings);
        var operations = new List<OperationStrategy>();
        var any = false;
        foreach (var inner in Items(element, "operation_strategies"))
        {
            any = true;
            var operation = Text(inner, "operation");
            var own = ReadStrategy(inner, $"{where}, operation {operation}", warnings);
            if (own.Kind == SamplingKind.RateLimiting)
            {
                warnings.Add($"{where}, operation {operation}: only probabilistic strategies can be an operation's; it is left out");
                continue;
            }
            operations.Add(new OperationStrategy(operation, own.SamplingRate));
            if (operations.Count > MaxStrategies)
            {
                throw new InvalidDataException($"failed to unmarshal strategies: more than {MaxStrategies} operations");
            }
        }
        return !any ? strategy : strategy with
        {
            Operations = new OperationSampling(
                strategy.Kind == SamplingKind.Probabilistic ? strategy.SamplingRate : SamplingStrategy.DefaultRate, 0, operations),
        };
    }

    private static SamplingStrategy ReadStrategy(JsonElement element, string where, List<string> warnings)
    {
        var param = element.TryGetProperty("param", out var number) && number.ValueKind is not JsonValueKind.Null ? number.GetDouble() : 0;
        switch (Text(element, "type"))
        {
            case "probabilistic":
                return SamplingStrategy.Probabilistic(param);
            case "ratelimiting":
                return new SamplingStrategy(SamplingKind.RateLimiting, 0, (int)Math.Clamp(param, int.MinValue, int.MaxValue));
            case var type:
                warnings.Add($"{where}: \"{type}\" is neither probabilistic nor ratelimiting; the default of {SamplingStrategy.DefaultRate} stands in");
                return SamplingStrategy.Default;
        }
    }

    /// <summary>The default's operations are a service's, too, unless it names them itself.</summary>
    private static SamplingStrategy Merge(SamplingStrategy service, OperationSampling? fallback)
    {
        if (fallback is null)
        {
            return service;
        }
        if (service.Operations is not { } own)
        {
            return service with { Operations = fallback };
        }
        var named = own.Operations.Select(static operation => operation.Operation).ToHashSet(StringComparer.Ordinal);
        return service with
        {
            Operations = own with { Operations = [.. own.Operations, .. fallback.Operations.Where(operation => !named.Contains(operation.Operation))] },
        };
    }

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) && list.ValueKind is not JsonValueKind.Null ? list.EnumerateArray() : [];

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var text) && text.ValueKind is not JsonValueKind.Null ? text.GetString() ?? "" : "";
}
