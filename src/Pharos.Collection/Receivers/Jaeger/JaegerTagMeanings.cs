using System.Buffers.Text;
using System.Text;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Jaeger;

/// <summary>What the tags of a Jaeger span say that has a place of its own in OpenTelemetry's model: kind, status, scope, trace state.</summary>
/// <remarks>github.com/open-telemetry/opentelemetry-collector-contrib, pkg/translator/jaeger, which Jaeger 2 uses.</remarks>
internal struct JaegerTagMeanings
{
    private const int ClientErrors = 400;
    private const int ServerErrors = 500;

    private SpanStatus? _told;
    private bool _isError;
    private BatchText _description;
    private BatchText _httpMessage;
    private long _httpStatus;

    public SpanKind Kind { get; private set; }

    public BatchText ScopeName { get; private set; }

    public BatchText ScopeVersion { get; private set; }

    public BatchText TraceState { get; private set; }

    public static JaegerTagMeanings Of(JaegerSpan span)
    {
        var meanings = default(JaegerTagMeanings);
        foreach (ref readonly var tag in span.Tags)
        {
            meanings.Note(span, tag);
        }
        return meanings;
    }

    /// <summary>Whether a tag says nothing that its own place does not.</summary>
    public readonly bool Covers(JaegerSpan span, in JaegerTag tag)
    {
        if (tag.Kind == AttributeKind.Bool)
        {
            return tag.Bits != 0 && span.Text(tag.Key).SequenceEqual("error"u8);
        }
        if (tag.Kind != AttributeKind.Text)
        {
            return false;
        }
        var key = span.Text(tag.Key);
        return key.SequenceEqual("span.kind"u8) ? KindOf(span.Text(tag.Text)) is not null
            : key.SequenceEqual("error"u8) ? span.Text(tag.Text).SequenceEqual("true"u8)
            : key.SequenceEqual("otel.status_code"u8) ? StatusOf(span.Text(tag.Text)) is not null
            : key.SequenceEqual("otel.status_description"u8) ? _isError || _told is not null
            : key.SequenceEqual("w3c.tracestate"u8) || IsScopeName(key) || IsScopeVersion(key);
    }

    /// <summary>The tag <c>error</c> wins over <c>otel.status_code</c>, and that over HTTP's status.</summary>
    public readonly (SpanStatus Status, BatchText Message) Status()
    {
        if (_isError)
        {
            return (SpanStatus.Error, _description.IsEmpty ? _httpMessage : _description);
        }
        if (_told is { } told)
        {
            return (told, _description);
        }
        var failed = _httpStatus >= ServerErrors || _httpStatus >= ClientErrors && Kind != SpanKind.Server;
        return failed ? (SpanStatus.Error, _httpMessage) : (SpanStatus.Unset, default);
    }

    private static SpanKind? KindOf(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("server"u8) ? SpanKind.Server
        : text.SequenceEqual("client"u8) ? SpanKind.Client
        : text.SequenceEqual("producer"u8) ? SpanKind.Producer
        : text.SequenceEqual("consumer"u8) ? SpanKind.Consumer
        : text.SequenceEqual("internal"u8) ? SpanKind.Internal
        : null;

    private static SpanStatus? StatusOf(ReadOnlySpan<byte> text) =>
        Ascii.EqualsIgnoreCase(text, "OK"u8) ? SpanStatus.Ok
        : Ascii.EqualsIgnoreCase(text, "ERROR"u8) ? SpanStatus.Error
        : Ascii.EqualsIgnoreCase(text, "UNSET"u8) ? SpanStatus.Unset
        : null;

    private static bool IsScopeName(ReadOnlySpan<byte> key) => key.SequenceEqual("otel.scope.name"u8) || key.SequenceEqual("otel.library.name"u8);

    private static bool IsScopeVersion(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("otel.scope.version"u8) || key.SequenceEqual("otel.library.version"u8);

    private void Note(JaegerSpan span, in JaegerTag tag)
    {
        var key = span.Text(tag.Key);
        if (tag.Kind == AttributeKind.Bool)
        {
            _isError |= tag.Bits != 0 && key.SequenceEqual("error"u8);
        }
        else if (tag.Kind == AttributeKind.Int)
        {
            _httpStatus = IsHttpStatus(key) ? tag.Bits : _httpStatus;
        }
        else if (tag.Kind == AttributeKind.Text)
        {
            NoteText(key, tag.Text, span.Text(tag.Text));
        }
    }

    private void NoteText(ReadOnlySpan<byte> key, BatchText at, ReadOnlySpan<byte> text)
    {
        if (key.SequenceEqual("span.kind"u8))
        {
            Kind = KindOf(text) ?? Kind;
        }
        else if (key.SequenceEqual("error"u8))
        {
            _isError |= text.SequenceEqual("true"u8);
        }
        else if (key.SequenceEqual("otel.status_code"u8))
        {
            _told = StatusOf(text) ?? _told;
        }
        else if (key.SequenceEqual("otel.status_description"u8))
        {
            _description = at;
        }
        else if (key.SequenceEqual("http.status_message"u8))
        {
            _httpMessage = at;
        }
        else if (IsHttpStatus(key) && Utf8Parser.TryParse(text, out long status, out var used) && used == text.Length)
        {
            _httpStatus = status;
        }
        else if (key.SequenceEqual("w3c.tracestate"u8))
        {
            TraceState = at;
        }
        else if (IsScopeName(key))
        {
            ScopeName = at;
        }
        else if (IsScopeVersion(key))
        {
            ScopeVersion = at;
        }
    }

    private static bool IsHttpStatus(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("http.status_code"u8) || key.SequenceEqual("http.response.status_code"u8);
}
