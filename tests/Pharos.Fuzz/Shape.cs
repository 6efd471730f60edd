using System.Text;

namespace Pharos.Fuzz;

/// <summary>What is alike in messages that differ by the input only: numbers and quoted parts are left out.</summary>
internal static class Shape
{
    private const int MaxLength = 100;

    public static string Of(string message)
    {
        var shape = new StringBuilder();
        var quote = '\0';
        foreach (var c in message)
        {
            if (shape.Length == MaxLength)
            {
                break;
            }
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '`' or '\'')
            {
                quote = c;
                shape.Append('q');
            }
            else if (!char.IsAsciiDigit(c))
            {
                shape.Append(c);
            }
        }
        return shape.ToString();
    }

    /// <summary>A count as its number of binary digits: ten and eleven are alike, one and two are not.</summary>
    public static int Of(long count) => count <= 0 ? 0 : 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)count);
}
