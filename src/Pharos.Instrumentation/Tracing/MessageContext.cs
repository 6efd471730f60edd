using System.Diagnostics;
using System.Net.Http.Headers;

namespace Pharos.Instrumentation.Tracing;

/// <summary>Carries a trace from one agent to another inside of a message: W3C <c>traceparent</c>, <c>tracestate</c> and
/// <c>baggage</c>.</summary>
public static class MessageContext
{
    /// <summary>Of a received message's baggage no more entries are taken than this, the number of the specification.</summary>
    public const int MaxBaggageEntries = 64;

    /// <summary>A longer header of baggage is not read, the length of the specification.</summary>
    public const int MaxBaggageBytes = 8192;

    private static readonly DistributedContextPropagator Propagator = DistributedContextPropagator.CreateW3CPropagator();

    /// <summary>Writes the context of <paramref name="activity"/>, or of the current one, into a message's headers.</summary>
    public static void Inject(IDictionary<string, string> headers, Activity? activity = null) =>
        Propagator.Inject(activity ?? Activity.Current, headers, static (carrier, name, value) =>
            ((IDictionary<string, string>)carrier!)[name] = value);

    /// <summary>Writes it into the headers of an HTTP request.</summary>
    public static void Inject(HttpRequestHeaders headers, Activity? activity = null) =>
        Propagator.Inject(activity ?? Activity.Current, headers, static (carrier, name, value) =>
        {
            var headers = (HttpRequestHeaders)carrier!;
            headers.Remove(name);
            headers.TryAddWithoutValidation(name, value);
        });

    /// <summary>The sender's span; what is not well formed is as good as nothing.</summary>
    public static ActivityContext Extract(IReadOnlyDictionary<string, string> headers)
    {
        Propagator.ExtractTraceIdAndState(headers, Getter, out var parent, out var state);
        return ActivityContext.TryParse(parent, state, isRemote: true, out var context) ? context : default;
    }

    /// <summary>What the sender wants to be known on the way, at most <see cref="MaxBaggageEntries"/> entries.</summary>
    public static IReadOnlyList<KeyValuePair<string, string?>> ExtractBaggage(IReadOnlyDictionary<string, string> headers) =>
        headers.TryGetValue("baggage", out var text) && text.Length > MaxBaggageBytes
            ? [] : [.. (Propagator.ExtractBaggage(headers, Getter) ?? []).Take(MaxBaggageEntries)];

    private static void Getter(object? carrier, string fieldName, out string? fieldValue, out IEnumerable<string>? fieldValues)
    {
        fieldValues = null;
        ((IReadOnlyDictionary<string, string>)carrier!).TryGetValue(fieldName, out fieldValue);
    }
}
