using System.Globalization;
using System.Text;
using Pharos.Query.Templates.Execution;

namespace Pharos.Query.Templates.Values;

/// <summary>Go's <c>fmt.Sprintf</c> over template values, with its texts for wrong verbs and missing operands.</summary>
public static class GoFormat
{
    public static string Sprintf(string format, ReadOnlySpan<TemplateValue> operands)
    {
        var text = new StringBuilder();
        var next = 0;
        var reordered = false;
        for (var i = 0; i < format.Length;)
        {
            if (format[i] != '%')
            {
                var percent = format.IndexOf('%', i);
                var end = percent < 0 ? format.Length : percent;
                text.Append(format, i, end - i);
                i = end;
                continue;
            }
            i++;
            var directive = ReadDirective(format, ref i, operands, ref next, ref reordered, text);
            if (i >= format.Length)
            {
                text.Append("%!(NOVERB)");
                break;
            }
            Rune.DecodeFromUtf16(format.AsSpan(i), out var verb, out var used);
            i += used;
            Apply(text, verb, directive, operands, ref next);
        }
        if (!reordered && next < operands.Length)
        {
            AppendExtra(text, operands[next..]);
        }
        return text.ToString();
    }

    /// <summary>One operand by one verb. Lists and maps hand the verb on to their elements.</summary>
    public static void AppendValue(StringBuilder text, char verb, FormatFlags flags, TemplateValue value)
    {
        if (text.Length > TemplateLimits.MaxTextChars)
        {
            throw new TemplateException("the text is too long");
        }
        if (verb == 'T')
        {
            GoScalarFormat.Pad(text, value.TypeName, flags with { Zero = false });
            return;
        }
        if (value.Kind == TemplateKind.None)
        {
            if (verb == 'v')
            {
                GoScalarFormat.Pad(text, "<nil>", flags with { Zero = false });
            }
            else
            {
                text.Append("%!").Append(verb).Append("(<nil>)");
            }
            return;
        }
        if (verb is 'v' or 's' or 'x' or 'X' or 'q' && value.Type?.Print is { } print && !(verb == 'v' && flags.Sharp))
        {
            GoScalarFormat.AppendText(text, verb, flags, print(value), value);
            return;
        }
        switch (value.Kind)
        {
            case TemplateKind.List:
                AppendList(text, verb, flags, value.List);
                break;
            case TemplateKind.Map:
                AppendMap(text, verb, flags, value.Map);
                break;
            case TemplateKind.Object:
                AppendObject(text, verb, flags, value.Object);
                break;
            default:
                GoScalarFormat.Append(text, verb, flags, value);
                break;
        }
    }

    private static void Apply(
        StringBuilder text, Rune verb, (FormatFlags Flags, bool BadIndex) directive,
        ReadOnlySpan<TemplateValue> operands, ref int next)
    {
        if (verb.Value == '%')
        {
            text.Append('%');
        }
        else if (directive.BadIndex)
        {
            text.Append("%!").Append(verb.ToString()).Append("(BADINDEX)");
        }
        else if (next >= operands.Length)
        {
            text.Append("%!").Append(verb.ToString()).Append("(MISSING)");
        }
        else
        {
            AppendValue(text, verb.IsBmp ? (char)verb.Value : '\uFFFD', directive.Flags, operands[next++]);
        }
    }

    private static (FormatFlags Flags, bool BadIndex) ReadDirective(
        string format, ref int i, ReadOnlySpan<TemplateValue> operands, ref int next, ref bool reordered, StringBuilder text)
    {
        var flags = default(FormatFlags);
        for (; i < format.Length; i++)
        {
            switch (format[i])
            {
                case '#': flags = flags with { Sharp = true }; continue;
                case '0': flags = flags with { Zero = true }; continue;
                case '+': flags = flags with { Plus = true }; continue;
                case '-': flags = flags with { Minus = true }; continue;
                case ' ': flags = flags with { Space = true }; continue;
                default: break;
            }
            break;
        }
        var badIndex = !ReadIndex(format, ref i, operands.Length, ref next, ref reordered);
        if (i < format.Length && format[i] == '*')
        {
            i++;
            if (TryTakeNumber(operands, ref next, out var width))
            {
                flags = flags with { Width = Math.Abs(width), Minus = flags.Minus || width < 0 };
            }
            else
            {
                text.Append("%!(BADWIDTH)");
            }
        }
        else if (TryReadNumber(format, ref i, out var width))
        {
            flags = flags with { Width = width };
        }
        if (i < format.Length && format[i] == '.')
        {
            i++;
            badIndex |= !ReadIndex(format, ref i, operands.Length, ref next, ref reordered);
            if (i < format.Length && format[i] == '*')
            {
                i++;
                if (TryTakeNumber(operands, ref next, out var precision))
                {
                    flags = flags with { Precision = precision < 0 ? null : precision };
                }
                else
                {
                    text.Append("%!(BADPREC)");
                }
            }
            else
            {
                flags = flags with { Precision = TryReadNumber(format, ref i, out var precision) ? precision : 0 };
            }
        }
        badIndex |= !ReadIndex(format, ref i, operands.Length, ref next, ref reordered);
        return (flags.Minus ? flags with { Zero = false } : flags, badIndex);
    }

    /// <summary><c>[n]</c>: the operand to take next, counted from 1.</summary>
    private static bool ReadIndex(string format, ref int i, int count, ref int next, ref bool reordered)
    {
        if (i >= format.Length || format[i] != '[')
        {
            return true;
        }
        reordered = true;
        var close = format.IndexOf(']', i);
        if (close < 0)
        {
            i++;
            return false;
        }
        var valid = int.TryParse(format.AsSpan(i + 1, close - i - 1), NumberStyles.None, CultureInfo.InvariantCulture,
            out var number) && number >= 1 && number <= count;
        i = close + 1;
        next = valid ? number - 1 : next;
        return valid;
    }

    private static bool TryReadNumber(string format, ref int i, out int number)
    {
        number = 0;
        var start = i;
        while (i < format.Length && char.IsAsciiDigit(format[i]))
        {
            number = Math.Min((number * 10) + format[i] - '0', TemplateLimits.MaxFormatNumber);
            i++;
        }
        return i > start;
    }

    private static bool TryTakeNumber(ReadOnlySpan<TemplateValue> operands, ref int next, out int number)
    {
        number = 0;
        if (next >= operands.Length)
        {
            return false;
        }
        var value = operands[next++];
        if (value.Kind != TemplateKind.Integer || Math.Abs(value.Integer) > TemplateLimits.MaxFormatNumber)
        {
            return false;
        }
        number = (int)value.Integer;
        return true;
    }

    private static void AppendExtra(StringBuilder text, ReadOnlySpan<TemplateValue> extra)
    {
        text.Append("%!(EXTRA ");
        for (var i = 0; i < extra.Length; i++)
        {
            text.Append(i > 0 ? ", " : "");
            text.Append(extra[i].TypeName);
            if (extra[i].Kind != TemplateKind.None)
            {
                text.Append('=');
                AppendValue(text, 'v', default, extra[i]);
            }
        }
        text.Append(')');
    }

    private static void AppendList(StringBuilder text, char verb, FormatFlags flags, TemplateList list)
    {
        text.Append('[');
        for (var i = 0; i < list.Items.Count; i++)
        {
            text.Append(i > 0 ? " " : "");
            AppendValue(text, verb, flags, list.Items[i]);
        }
        text.Append(']');
    }

    private static void AppendMap(StringBuilder text, char verb, FormatFlags flags, TemplateMap map)
    {
        text.Append("map[");
        var first = true;
        foreach (var (key, value) in map.Entries)
        {
            text.Append(first ? "" : " ");
            first = false;
            AppendValue(text, verb, flags, key);
            text.Append(':');
            AppendValue(text, verb, flags, value);
        }
        text.Append(']');
    }

    private static void AppendObject(StringBuilder text, char verb, FormatFlags flags, TemplateObject value)
    {
        text.Append(value.Type.Name.StartsWith('*') ? "&{" : "{");
        var first = true;
        foreach (var (name, get) in value.Type.Fields)
        {
            text.Append(first ? "" : " ");
            first = false;
            if (flags.Plus)
            {
                text.Append(name).Append(':');
            }
            AppendValue(text, verb, flags, get(value.Host));
        }
        text.Append('}');
    }
}
