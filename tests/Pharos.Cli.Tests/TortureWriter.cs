using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Pharos.Cli.Tests;

/// <summary>Writes numbered lines into one file and rotates it at random; loses no line itself, for it does all of that one by one.</summary>
internal sealed class TortureWriter(string folder, int number, Random random, ShippedCounts shipped)
{
    private readonly List<(int Line, string What)> _history = [];

    public string Path { get; } = System.IO.Path.Combine(folder, $"w{number:00}.log");

    /// <summary>Written so far.</summary>
    public int Lines { get; private set; }

    public int Rotations { get; private set; }

    /// <summary>What happened to the file while some lines were the newest, and the latest of what happened at all.</summary>
    public string History(int fromLine, int toLine) => string.Join("; ", [
        .. _history.Where(step => step.Line >= fromLine - 200 && step.Line <= toLine + 200).Select(Tell), "...", .. _history.TakeLast(30).Select(Tell)]);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            Write();
            if (random.Next(20) == 0)
            {
                Rotate();
            }
            await Task.Delay(random.Next(5, 80), CancellationToken.None);
        }
    }

    /// <summary>Some whole lines, sometimes the first half of one of them ahead.</summary>
    public void Write()
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            text.Append(CultureInfo.InvariantCulture, $"w{number:00} {Lines:000000} ").Append('x', random.Next(0, 300)).Append('\n');
            Lines++;
        }
        var lines = text.ToString();
        var half = random.Next(4) == 0 ? lines.Length / 2 : 0;
        if (half > 0)
        {
            File.AppendAllText(Path, lines[..half]);
        }
        File.AppendAllText(Path, lines[half..]);
    }

    /// <summary>The number of a line of this writer, -1 for any other text.</summary>
    public int NumberOf(string line)
    {
        var parts = line.Split(' ');
        return parts.Length == 3 && parts[0] == $"w{number:00}" && parts[2].All(c => c == 'x')
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var found) && found < Lines ? found : -1;
    }

    private void Rotate()
    {
        Rotations++;
        switch (random.Next(5))
        {
            case 0:
                Note("rename");
                Shift();
                File.Move(Path, $"{Path}.1");
                File.WriteAllText(Path, "");
                break;
            case 1:
                Note("copytruncate");
                Shift();
                File.Copy(Path, $"{Path}.1");
                using (var file = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                {
                    file.SetLength(0);
                }
                break;
            case 2:
                Pack();
                break;
            case 3:
                DeleteOldest();
                break;
            default:
                if (shipped.Of(Path) == Lines)
                {
                    Note("recreate");
                    File.Delete(Path);
                    File.WriteAllText(Path, "");
                }
                break;
        }
    }

    private void Shift()
    {
        for (var i = Rotations; i > 0; i--)
        {
            foreach (var suffix in (string[])["", ".gz"])
            {
                if (File.Exists($"{Path}.{i}{suffix}"))
                {
                    File.Move($"{Path}.{i}{suffix}", $"{Path}.{i + 1}{suffix}");
                }
            }
        }
    }

    /// <summary>The framework's pattern <c>a.log.*</c> means <c>a.log</c>, too.</summary>
    private string[] Rotated() => [.. Directory.GetFiles(folder, $"w{number:00}.log.*").Where(file => file != Path).Order(StringComparer.Ordinal)];

    private void Pack()
    {
        var plain = Array.FindAll(Rotated(), static file => !file.EndsWith(".gz", StringComparison.Ordinal));
        if (plain.Length == 0)
        {
            return;
        }
        var from = plain[random.Next(plain.Length)];
        Note($"pack {System.IO.Path.GetFileName(from)}");
        using (var file = File.Create(from + ".gz"))
        {
            using var gzip = new GZipStream(file, CompressionLevel.Fastest);
            gzip.Write(File.ReadAllBytes(from));
        }
        File.Delete(from);
    }

    private void DeleteOldest()
    {
        var rotated = Rotated();
        // What is not stored yet would be lost with its file.
        if (rotated.Length > 0 && shipped.Of(Path) == Lines)
        {
            Note($"delete {System.IO.Path.GetFileName(rotated[^1])}");
            File.Delete(rotated[^1]);
        }
    }

    private static string Tell((int Line, string What) step) => string.Create(CultureInfo.InvariantCulture, $"{step.What} at {step.Line}");

    private void Note(string what) =>
        _history.Add((Lines, string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {what}")));
}
