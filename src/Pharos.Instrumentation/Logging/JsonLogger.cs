using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Instrumentation.Wire;

namespace Pharos.Instrumentation.Logging;

/// <summary>Writes a record as one line of JSON. A name that comes twice is written once, the record's own before its scopes'.</summary>
internal sealed class JsonLogger(JsonLogProvider provider, string category) : ILogger
{
    /// <summary>Fields of one line beyond this are left out.</summary>
    private const int MaxFields = 64;

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        // Lines are read by people and log stores, never put into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    [ThreadStatic]
    private static LineWriter? _line;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => provider.Scopes?.Push(state);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var buffer = provider.Rent();
        var writer = _line ??= new LineWriter();
        writer.Begin(buffer, provider, LevelText(logLevel), formatter(state, exception));
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            writer.Text("trace_id", activity.TraceId.ToHexString());
            writer.Text("span_id", activity.SpanId.ToHexString());
        }
        writer.Text("logger", category);
        if (eventId.Name is { Length: > 0 } name)
        {
            writer.Text("event", name);
        }
        writer.Fields(state);
        if (exception is not null)
        {
            writer.Text("exception_type", exception.GetType().FullName ?? "");
            writer.Text("exception_message", exception.Message);
            writer.Text("exception", exception.ToString());
        }
        // The framework's own scope says the same as trace_id and span_id, under names of its own.
        writer.Hide("SpanId", "TraceId", "ParentId");
        provider.Scopes?.ForEachScope(static (scope, writer) => writer.Fields(scope), writer);
        writer.End();
        provider.Write(buffer);
    }

    public static ReadOnlyMemory<byte> DroppedLine(JsonLogProvider provider, long dropped)
    {
        var buffer = new ByteBuffer(256);
        var writer = new LineWriter();
        writer.Begin(buffer, provider, "WARN", string.Create(CultureInfo.InvariantCulture, $"{dropped} log lines were dropped"));
        writer.End();
        return buffer.WrittenMemory;
    }

    private static string LevelText(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARN",
        LogLevel.Error => "ERROR",
        _ => "FATAL",
    };

    /// <summary>One line at a time; each thread has one and uses it again.</summary>
    private sealed class LineWriter
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);
        private readonly ByteBufferStream _stream = new();
        private Utf8JsonWriter? _json;

        public void Begin(ByteBuffer buffer, JsonLogProvider provider, string level, string message)
        {
            _names.Clear();
            _stream.Target = buffer;
            _json ??= new Utf8JsonWriter(_stream, WriterOptions);
            _json.Reset(_stream);
            _json.WriteStartObject();
            Span<char> time = stackalloc char[24];
            provider.Time.GetUtcNow().TryFormat(time, out var length, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            _names.Add("timestamp");
            _json.WriteString("timestamp", time[..length]);
            Text("level", level);
            Text("message", message);
            Text("service", provider.Service);
        }

        public void Text(string name, string value)
        {
            if (IsNew(name))
            {
                _json!.WriteString(name, value);
            }
        }

        /// <summary>From here on these are as if they had been written.</summary>
        public void Hide(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                _names.Add(name);
            }
        }

        public void Fields(object? state)
        {
            if (state is IReadOnlyList<KeyValuePair<string, object?>> fields)
            {
                for (var i = 0; i < fields.Count; i++)
                {
                    Field(fields[i].Key, fields[i].Value);
                }
            }
            else if (state is IEnumerable<KeyValuePair<string, object?>> others)
            {
                foreach (var (name, value) in others)
                {
                    Field(name, value);
                }
            }
        }

        public void End()
        {
            _json!.WriteEndObject();
            _json.Flush();
            _stream.Target!.Byte((byte)'\n');
            _stream.Target = null;
        }

        private void Field(string name, object? value)
        {
            if (name == "{OriginalFormat}" || !IsNew(name))
            {
                return;
            }
            _json!.WritePropertyName(name);
            switch (value)
            {
                case null:
                    _json.WriteNullValue();
                    break;
                case bool truth:
                    _json.WriteBooleanValue(truth);
                    break;
                case int or long or short or byte or sbyte or ushort or uint:
                    _json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                    break;
                case double number when double.IsFinite(number):
                    _json.WriteNumberValue(number);
                    break;
                case float number when float.IsFinite(number):
                    _json.WriteNumberValue(number);
                    break;
                case decimal number:
                    _json.WriteNumberValue(number);
                    break;
                default:
                    _json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
            }
        }

        private bool IsNew(string name) => _names.Count < MaxFields && _names.Add(name);
    }

    /// <summary>Lets the JSON writer write into a buffer of ours.</summary>
    private sealed class ByteBufferStream : System.Buffers.IBufferWriter<byte>
    {
        private byte[] _room = new byte[1024];

        public ByteBuffer? Target { get; set; }

        public void Advance(int count) => Target!.Bytes(_room.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            if (sizeHint > _room.Length)
            {
                _room = new byte[sizeHint];
            }
            return _room;
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
