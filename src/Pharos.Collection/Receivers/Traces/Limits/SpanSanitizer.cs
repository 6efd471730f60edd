using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Pharos.Storage.Traces;
using Pharos.Storage.Traces.Batches;

namespace Pharos.Collection.Receivers.Traces.Limits;

/// <summary>Puts right what clients send wrong, and cuts off what is too much, span by span: no batch fails for it.</summary>
/// <remarks>Not thread-safe. The replacements are Jaeger 2's (internal/jptrace/sanitizer), but that a span which ends before it begins
/// takes no time at all, where Jaeger gives it a nanosecond.</remarks>
internal sealed class SpanSanitizer(SpanLimits limits)
{
    public const string EmptyServiceName = "empty-service-name";
    public const string ServiceNameOfWrongType = "service-name-wrong-type";
    public const string EmptySpanName = "empty-span-name";
    public const string InvalidSpanName = "invalid-span-name";
    public const string InvalidKey = "invalid-tag-key";
    public const string InvalidEventName = "invalid-event-name";
    public const string InvalidStatusMessage = "invalid-status-message";
    public const string InvalidScopeName = "invalid-scope-name";
    public const string InvalidScopeVersion = "invalid-scope-version";
    public const string InvalidTraceState = "invalid-trace-state";
    public const string InvalidSchemaUrl = "invalid-schema-url";

    private readonly List<string> _warnings = [];
    private SpanBatch _batch = null!;
    private SpanChanges _changes;

    /// <summary>Whether some text is no plain ASCII, and so perhaps no UTF-8.</summary>
    private bool _checksTexts;

    /// <summary>Whether some text may be too long.</summary>
    private bool _checksLengths;

    public SpanChanges Apply(SpanBatch batch)
    {
        (_batch, _changes) = (batch, default);
        _checksTexts = !Ascii.IsValid(batch.Texts);
        _checksLengths = batch.TextBytes > Math.Min(limits.ValueBytes, limits.KeyBytes);
        for (var i = 0; i < batch.ResourceCount; i++)
        {
            CheckResource(ref batch.Resource(i));
        }
        for (var i = 0; i < batch.ScopeCount; i++)
        {
            CheckScope(ref batch.Scope(i));
        }
        for (var i = 0; i < batch.Count; i++)
        {
            CheckSpan(i);
        }
        return _changes;
    }

    private void CheckResource(ref ResourceRow row)
    {
        (row.Attributes, row.DroppedAttributes) = Checked(row.Attributes, row.DroppedAttributes);
        row.SchemaUrl = Checked(row.SchemaUrl, "", InvalidSchemaUrl, row.Attributes, out var attributes);
        row.Attributes = attributes;
        for (var at = row.Attributes.First; at != AttributeRange.End; at = _batch.Attribute(at).Next)
        {
            ref var attribute = ref _batch.Attribute(at);
            if (!_batch.Text(attribute.Key).SequenceEqual("service.name"u8) || (attribute.Kind == AttributeKind.Text && attribute.Text.Length > 0))
            {
                continue;
            }
            var name = _batch.Keep(attribute.Kind == AttributeKind.Text ? EmptyServiceName : ServiceNameOfWrongType);
            (attribute.Kind, attribute.Text) = (AttributeKind.Text, name);
            _changes.Names++;
        }
    }

    private void CheckScope(ref ScopeRow row)
    {
        if (row.Attributes.Count == 0 && !_checksTexts && !_checksLengths)
        {
            return;
        }
        (row.Attributes, row.DroppedAttributes) = Checked(row.Attributes, row.DroppedAttributes);
        row.SchemaUrl = Checked(row.SchemaUrl, "", InvalidSchemaUrl, row.Attributes, out var attributes);
        row.Name = Checked(row.Name, InvalidScopeName, InvalidScopeName, attributes, out attributes);
        row.Version = Checked(row.Version, InvalidScopeVersion, InvalidScopeVersion, attributes, out attributes);
        row.Attributes = attributes;
    }

    private void CheckSpan(int index)
    {
        ref var row = ref _batch[index];
        _warnings.Clear();
        var before = _changes;
        (row.Attributes, row.DroppedAttributes) = Checked(row.Attributes, row.DroppedAttributes);
        if (_checksTexts || _checksLengths)
        {
            row.Name = Checked(row.Name, InvalidSpanName, InvalidSpanName, row.Attributes, out var attributes);
            row.StatusMessage = Checked(row.StatusMessage, InvalidStatusMessage, InvalidStatusMessage, attributes, out attributes);
            row.TraceState = Checked(row.TraceState, "", InvalidTraceState, attributes, out attributes);
            row.Attributes = attributes;
        }
        CheckEvents(index);
        CheckLinks(index);
        if (row.Name.IsEmpty)
        {
            row.Name = _batch.Keep(EmptySpanName);
            _changes.Names++;
        }
        if (row.EndNs < row.StartNs)
        {
            _warnings.Add(string.Create(CultureInfo.InvariantCulture,
                $"Negative duration detected, sanitizing end timestamp. Original end timestamp: {TimeText(row.EndNs)}, adjusted to: {TimeText(row.StartNs)}"));
            row.EndNs = row.StartNs;
            _changes.Durations++;
        }
        if (_changes != before)
        {
            Warn(index, before);
        }
    }

    private void CheckEvents(int index)
    {
        ref var row = ref _batch[index];
        if (row.EventCount > limits.Events)
        {
            _changes.Events += row.EventCount - limits.Events;
            _batch.LimitEvents(index, limits.Events);
        }
        for (var i = 0; i < row.EventCount; i++)
        {
            ref var happened = ref _batch.EventOf(row, i);
            (happened.Attributes, happened.DroppedAttributes) = Checked(happened.Attributes, happened.DroppedAttributes);
            happened.Name = Checked(happened.Name, InvalidEventName, InvalidEventName, happened.Attributes, out var attributes);
            happened.Attributes = attributes;
        }
    }

    private void CheckLinks(int index)
    {
        ref var row = ref _batch[index];
        if (row.LinkCount > limits.Links)
        {
            _changes.Links += row.LinkCount - limits.Links;
            _batch.LimitLinks(index, limits.Links);
        }
        for (var i = 0; i < row.LinkCount; i++)
        {
            ref var link = ref _batch.LinkOf(row, i);
            (link.Attributes, link.DroppedAttributes) = Checked(link.Attributes, link.DroppedAttributes);
            link.TraceState = Checked(link.TraceState, "", InvalidTraceState, link.Attributes, out var attributes);
            link.Attributes = attributes;
        }
    }

    /// <summary>The span says what was done to it.</summary>
    private void Warn(int index, in SpanChanges before)
    {
        Note(_changes.Attributes - before.Attributes, "attributes beyond the limit of {0} dropped", limits.Attributes);
        Note(_changes.Values - before.Values, "values cut at {0} bytes", limits.ValueBytes);
        Note(_changes.Events - before.Events, "events beyond the limit of {0} dropped", limits.Events);
        Note(_changes.Links - before.Links, "links beyond the limit of {0} dropped", limits.Links);
        if (_warnings.Count > 0)
        {
            ref var row = ref _batch[index];
            row.Attributes = _batch.Append(
                row.Attributes, Encoding.UTF8.GetBytes(SpanWarnings.Key), AttributeKind.Array, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(_warnings));
        }
    }

    private void Note(int count, string text, int limit)
    {
        if (count > 0)
        {
            _warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {string.Format(CultureInfo.InvariantCulture, text, limit)}"));
        }
    }

    /// <summary>Attributes of one owner, not too many, each with a key and a value that can be stored, and how many are gone.</summary>
    private (AttributeRange Attributes, uint Dropped) Checked(AttributeRange range, uint dropped)
    {
        if (range.Count > limits.Attributes)
        {
            _changes.Attributes += range.Count - limits.Attributes;
            dropped += (uint)(range.Count - limits.Attributes);
            range = _batch.Shorten(range, limits.Attributes);
        }
        if (_checksTexts || _checksLengths)
        {
            var wrongKeys = 0;
            for (var at = range.First; at != AttributeRange.End; at = _batch.Attribute(at).Next)
            {
                CheckAttribute(at, ref wrongKeys);
            }
        }
        return (range, dropped);
    }

    private void CheckAttribute(int at, ref int wrongKeys)
    {
        if (_checksTexts && !Utf8.IsValid(_batch.Text(_batch.Attribute(at).Key)))
        {
            byte[] original = [.. _batch.Text(_batch.Attribute(at).Key), (byte)':', .. ValueText(_batch.Attribute(at))];
            var key = _batch.Keep(string.Create(CultureInfo.InvariantCulture, $"{InvalidKey}-{++wrongKeys}"));
            var value = _batch.Keep(original);
            ref var replaced = ref _batch.Attribute(at);
            (replaced.Key, replaced.Kind, replaced.Text) = (key, AttributeKind.Bytes, value);
            _changes.Encodings++;
        }
        ref var row = ref _batch.Attribute(at);
        if (_checksTexts && row.Kind is not AttributeKind.Bytes && !Utf8.IsValid(_batch.Text(row.Text)))
        {
            row.Kind = AttributeKind.Bytes;
            _changes.Encodings++;
        }
        if (row.Key.Length > limits.KeyBytes)
        {
            row.Key = Cut(row.Key, limits.KeyBytes);
            _changes.Values++;
        }
        if (row.Text.Length > limits.ValueBytes)
        {
            row.Text = row.Kind == AttributeKind.Bytes ? new BatchText(row.Text.Start, limits.ValueBytes) : Cut(row.Text, limits.ValueBytes);
            // Half a list is no JSON.
            row.Kind = row.Kind is AttributeKind.Array or AttributeKind.Map ? AttributeKind.Text : row.Kind;
            _changes.Values++;
        }
    }

    /// <summary>A text that can be stored. Of one that is no UTF-8 the bytes stay, as an attribute.</summary>
    private BatchText Checked(BatchText text, string replacement, string key, AttributeRange attributes, out AttributeRange more)
    {
        more = attributes;
        if (_checksTexts && !Utf8.IsValid(_batch.Text(text)))
        {
            var original = _batch.Text(text);
            more = _batch.Append(
                attributes, Encoding.UTF8.GetBytes(key), AttributeKind.Bytes, original[..Math.Min(original.Length, limits.ValueBytes)].ToArray());
            _changes.Encodings++;
            return replacement.Length == 0 ? default : _batch.Keep(replacement);
        }
        if (text.Length <= limits.ValueBytes)
        {
            return text;
        }
        _changes.Values++;
        return Cut(text, limits.ValueBytes);
    }

    /// <summary>The beginning of a text, never a part of a character.</summary>
    private BatchText Cut(BatchText text, int bytes)
    {
        var all = _batch.Text(text);
        while (bytes > 0 && (all[bytes] & 0xC0) == 0x80)
        {
            bytes--;
        }
        return new BatchText(text.Start, bytes);
    }

    private ReadOnlySpan<byte> ValueText(in AttributeRow row) =>
        row.Text.IsEmpty ? Encoding.UTF8.GetBytes(_batch.ValueOf(row).ToString()) : _batch.Text(row.Text);

    private static string TimeText(long ns) =>
        DateTime.UnixEpoch.AddTicks(ns / TimeSpan.NanosecondsPerTick).ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF 'UTC'", CultureInfo.InvariantCulture);
}
