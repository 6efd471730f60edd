using System.Globalization;
using System.IO.Hashing;

namespace Pharos.Fuzz.Hunting;

/// <summary>Keeps an input that broke something, with what it broke beside it.</summary>
internal sealed class Findings(FuzzTarget target)
{
    /// <summary>One input of each problem is enough.</summary>
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public static string FolderOf(FuzzTarget target) => Path.Combine(Corpus.FindingsFolder, target.Name);

    /// <summary>True where the problem is new.</summary>
    public bool Keep(byte[] input, string problem, string detail)
    {
        var folder = FolderOf(target);
        Directory.CreateDirectory(folder);
        var name = $"{problem.Split(' ')[0]}-{XxHash64.HashToUInt64(System.Text.Encoding.UTF8.GetBytes(problem)).ToString("x16", CultureInfo.InvariantCulture)}";
        if (!_known.Add(name) || File.Exists(Path.Combine(folder, name)))
        {
            return false;
        }
        File.WriteAllBytes(Path.Combine(folder, name), input);
        File.WriteAllText(Path.Combine(folder, name + ".txt"), $"{problem}\n{detail}\n");
        return true;
    }
}
