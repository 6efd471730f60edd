using Pharos.Storage.Encoding;
using Pharos.Storage.Traces.Records;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Traces.Head;

/// <summary>A condition on the spans of one record: what hangs on a text or a scope is decided once.</summary>
/// <remarks>Not thread-safe. Agrees with <see cref="SpanMatch"/>.</remarks>
internal sealed class RecordCondition
{
    private const byte Unknown = 0;
    private const byte Yes = 1;
    private const byte No = 2;
    private const AttributeScopes SharedScopes = AttributeScopes.Resource | AttributeScopes.Scope;
    private const AttributeScopes OwnScopes = AttributeScopes.Span | AttributeScopes.Event | AttributeScopes.Link;

    private readonly HeadCondition _asked;
    private readonly SpanCondition _condition;
    private readonly SpanRecord _record;
    private readonly Func<SpanRecordDecoder> _decoder;

    /// <summary>The number of the key's text; -1 where no attribute of the record has it.</summary>
    private readonly int _key = -1;

    /// <summary>The number of the text that is asked for; -1 where the record does not have it.</summary>
    private readonly int _wanted = -1;

    /// <summary>The number of the bytes that are asked for; -1 where the record does not have them.</summary>
    private readonly int _wantedBytes = -1;

    /// <summary>Scopes in which the record has the key, with a value that may satisfy the condition.</summary>
    private readonly AttributeScopes _scopes;

    private byte[] _ofScope = [];
    private byte[] _ofText = [];

    /// <param name="decoder">Of the record.</param>
    public RecordCondition(HeadCondition asked, SpanRecord record, Func<SpanRecordDecoder> decoder)
    {
        (_asked, _condition, _record, _decoder) = (asked, asked.Condition, record, decoder);
        if (asked.AsksOneText && _condition.Field is not SpanField.Attribute)
        {
            _wanted = record.NumberOf(asked.Text);
        }
        switch (_condition.Field)
        {
            case SpanField.Attribute:
                (_key, var kinds) = KeyIn(record, asked);
                if (((kinds & asked.KindsByText) | (kinds & (1 << (int)AttributeKind.Bytes))) != 0 && asked.AsksOneText)
                {
                    _wanted = record.NumberOf(asked.Text);
                    _wantedBytes = asked.Bytes is { } bytes ? record.NumberOf(bytes) : -1;
                }
                _scopes = ScopesOf(record);
                MayMatch = _scopes != AttributeScopes.None;
                break;
            case SpanField.Service:
                MayMatch = AnyService(record);
                break;
            case SpanField.Name:
                MayMatch = !asked.AsksOneText || _wanted >= 0;
                break;
            default:
                MayMatch = true;
                break;
        }
    }

    /// <summary>False only if no span of the record satisfies it.</summary>
    public bool MayMatch { get; }

    public bool Satisfies(int number, in RecordSpan span)
    {
        switch (_condition.Field)
        {
            case SpanField.Service or SpanField.ScopeName or SpanField.ScopeVersion:
                return OfScope(span.Scope);
            case SpanField.Name:
                return OfText(span.Name);
            case SpanField.Kind:
                return SpanMatch.Compare(AttributeValue.OfInt(span.Kind), _condition);
            case SpanField.Status:
                return SpanMatch.Compare(AttributeValue.OfInt(span.Status), _condition);
            case SpanField.Duration:
                return SpanMatch.Compare(AttributeValue.OfInt(span.DurationNs), _condition);
            case SpanField.Attribute:
                var values = new Values(this);
                return ((_scopes & SharedScopes) != 0 && OfScope(span.Scope))
                    || ((_scopes & OwnScopes) != 0 && RecordAttributes.OfSpan(_record, span, _scopes, ref values));
            case SpanField.StatusMessage when (span.Fields & SpanFields.StatusMessage) == 0:
                return OfText(0);
            case SpanField.EventName when (span.Fields & SpanFields.Events) == 0:
                return false;
            default:
                return SpanMatch.Satisfies(_decoder().Span(number), _condition, default);
        }
    }

    /// <summary>The number of the key, and the kinds of values that it has in the scopes that are asked for.</summary>
    private static (int Key, int Kinds) KeyIn(SpanRecord record, HeadCondition asked)
    {
        var (number, kinds) = (-1, 0);
        foreach (var key in record.Facts.Keys)
        {
            if ((key.Scope & asked.Condition.Scopes) != 0 && (number < 0 ? record.IsText(key.Key, asked.Key) : number == key.Key))
            {
                number = key.Key;
                kinds |= key.Kinds;
            }
        }
        return (number, kinds);
    }

    private AttributeScopes ScopesOf(SpanRecord record)
    {
        var kinds = _asked.Kinds | (_wanted >= 0 ? _asked.KindsByText : 0) | (_wantedBytes >= 0 ? 1 << (int)AttributeKind.Bytes : 0);
        var scopes = AttributeScopes.None;
        foreach (var key in record.Facts.Keys)
        {
            if (key.Key == _key && (key.Kinds & kinds) != 0)
            {
                scopes |= key.Scope & _condition.Scopes;
            }
        }
        return scopes;
    }

    private bool AnyService(SpanRecord record)
    {
        foreach (var service in record.Facts.Services)
        {
            if (OfService(service))
            {
                return true;
            }
        }
        return false;
    }

    private bool OfService(int number) =>
        number == 0 ? SpanMatch.Compare(AttributeValue.OfText(SpanResource.UnknownService), _condition) : OfText(number);

    /// <summary>Reads the value.</summary>
    private bool OfValue(ref ByteReader reader, AttributeKind kind)
    {
        var asksText = _condition.Operator == SpanOperator.TextEqual;
        switch (kind)
        {
            case AttributeKind.Text:
                return OfText((int)reader.UVarint());
            case AttributeKind.Bool:
                return SpanMatch.Compare(AttributeValue.OfBool(reader.U8() != 0), _condition);
            case AttributeKind.Int:
                var number = reader.Varint();
                return asksText ? _asked.Int == number : SpanMatch.Compare(AttributeValue.OfInt(number), _condition);
            case AttributeKind.Double:
                return SpanMatch.Compare(AttributeValue.OfDouble(BitConverter.UInt64BitsToDouble(reader.U64())), _condition);
            case AttributeKind.Empty:
                return SpanMatch.Compare(AttributeValue.Empty, _condition);
            case AttributeKind.Bytes:
                var bytes = (int)reader.UVarint();
                return asksText ? bytes == _wantedBytes : SpanMatch.Compare(AttributeValue.OfBytes(_record.Text(bytes).ToArray()), _condition);
            default:
                var json = (int)reader.UVarint();
                return asksText ? json == _wanted : SpanMatch.Compare(AttributeValue.OfJson(kind, _record.TextString(json)), _condition);
        }
    }

    private bool OfText(int number)
    {
        if (_asked.AsksOneText)
        {
            return number == _wanted;
        }
        if (_ofText.Length == 0)
        {
            _ofText = new byte[_record.Texts.Length + 1];
        }
        if (_ofText[number] == Unknown)
        {
            _ofText[number] = SpanMatch.Compare(AttributeValue.OfText(_record.TextString(number)), _condition) ? Yes : No;
        }
        return _ofText[number] == Yes;
    }

    /// <summary>What the scope and its resource say.</summary>
    private bool OfScope(int number)
    {
        if (_ofScope.Length == 0)
        {
            _ofScope = new byte[_record.Scopes.Length];
        }
        if (_ofScope[number] == Unknown)
        {
            _ofScope[number] = DecideScope(number) ? Yes : No;
        }
        return _ofScope[number] == Yes;
    }

    private bool DecideScope(int number)
    {
        if (_condition.Field == SpanField.Service)
        {
            return OfService(RecordAttributes.ServiceOf(_record, number, _record.Facts.ServiceKey));
        }
        if (_condition.Field == SpanField.Attribute)
        {
            var values = new Values(this);
            return RecordAttributes.OfScope(_record, number, _scopes, ref values);
        }
        var reader = new ByteReader(_record.Payload.AsSpan(_record.Scopes[number]), "a record of spans");
        reader.UVarint();
        var (name, version) = ((int)reader.UVarint(), (int)reader.UVarint());
        return OfText(_condition.Field == SpanField.ScopeName ? name : version);
    }

    /// <summary>Stops at a value of the key that satisfies the condition.</summary>
    private readonly struct Values(RecordCondition condition) : IRecordAttributes
    {
        public bool Visit(AttributeScopes scope, int key, AttributeKind kind, ref ByteReader reader)
        {
            if (key == condition._key)
            {
                return condition.OfValue(ref reader, kind);
            }
            SpanRecord.SkipValue(ref reader, kind);
            return false;
        }
    }
}
