using System.Text;

namespace Pharos.Query.Tests.LogQL;

/// <summary>Lines that are JSON, or nearly: odd names and values, blanks, broken and cut ones, some with the fields of an earlier line.</summary>
internal sealed class SomeJsonLines(Random random)
{
    private static readonly string[] Keys =
    [
        "a", "a", "a", "a", "b", "a_b", "a-b", "a.b", " a", "a ", "", " ", "_a", "@a", "1a", "\\u0061", "a\\\"", "aa", "é",
        "__error__", "@_error__", "__error_details__", "status", "a_name_that_is_longer_than_thirty_two_bytes_together",
    ];

    private static readonly string[] Values =
    [
        "1", "7", "5", "12", "-3", "6.25", "0.1", "5.", "1e3", "1a", "-", "01", "9007199254740993", "\"x\"", "\"xy\"",
        "\"7\"", "\"6ms\"", "\"4s\"", "\"9KB\"", "\"\"", "12345678901234567.5", "\"a text of more than thirty-two bytes, a quote \\\" among them\"",
        "\"a\\\"b\"", "\"\\\\\"", "\"\\u0078\"", "\"é\"", "\"\uFFFD\"", "\"10.0.0.1\"",
        "true", "false", "null", "[]", "[1,{\"a\":9}]", "[\"]\"]", "{}", "tru", "nul", "x", "\"{\"", "[\\]",
    ];

    private static readonly string[] Blanks = ["", "", "", "", "", "", " ", "\t", " \n "];

    /// <summary>Lines side by side, a newline behind each, and where they end.</summary>
    public (byte[] Text, List<int> Ends) Block(int lines)
    {
        var block = new List<byte>();
        var ends = new List<int>();
        var firstShape = random.Next();
        for (var i = 0; i < lines; i++)
        {
            // Names and blanks of few kinds, values of any.
            var shape = new Random(random.Next(4) == 0 ? random.Next() : firstShape + random.Next(3));
            var line = Encoding.UTF8.GetBytes(Blank(shape) + Object(shape, 0) + Blank(shape));
            for (var mistakes = random.Next(4) == 0 ? random.Next(1, 3) : 0; mistakes > 0; mistakes--)
            {
                line[random.Next(line.Length)] = (byte)"\"\\{}[],: a1\u0080"[random.Next(12)];
            }
            block.AddRange(line.AsSpan(0, random.Next(10) == 0 ? random.Next(line.Length) : line.Length));
            ends.Add(block.Count);
            block.Add((byte)'\n');
        }
        return ([.. block], ends);
    }

    private string Object(Random shape, int depth)
    {
        var text = new StringBuilder("{").Append(Blank(shape));
        var count = shape.Next(6);
        for (var i = 0; i < count; i++)
        {
            var isObject = depth < 3 && shape.Next(6) == 0;
            text.Append(i > 0 ? "," : "").Append(Blank(shape)).Append('"').Append(Keys[shape.Next(Keys.Length)]).Append('"').Append(Blank(shape)).Append(':')
                .Append(Blank(shape)).Append(isObject ? Object(shape, depth + 1) : Values[random.Next(Values.Length - (random.Next(4) == 0 ? 0 : 5))])
                .Append(Blank(shape));
        }
        return text.Append('}').ToString();
    }

    private static string Blank(Random shape) => Blanks[shape.Next(Blanks.Length)];
}
