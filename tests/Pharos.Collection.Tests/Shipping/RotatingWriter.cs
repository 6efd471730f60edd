using System.IO.Compression;
using System.Text;

namespace Pharos.Collection.Tests.Shipping;

/// <summary>Writes numbered lines into a file and rotates it in every way there is, without losing a line itself.</summary>
/// <param name="isShipped">Asked before a file is deleted: what nobody has read would be lost.</param>
internal sealed class RotatingWriter(string path, Random random, Func<string, bool> isShipped)
{
    private readonly Dictionary<string, List<string>> _held = new(StringComparer.Ordinal) { [path] = [] };
    private readonly StringBuilder _history = new();
    private int _next;
    private int _shifts;
    private string? _half;

    public List<string> Written { get; } = [];

    public string History => _history.ToString();

    public void Act()
    {
        switch (random.Next(12))
        {
            case 0:
                Rename();
                break;
            case 1:
                CopyTruncate();
                break;
            case 2:
                Pack();
                break;
            case 3:
                DeleteOldest();
                break;
            case 4:
                Recreate();
                break;
            case 5:
                Half();
                break;
            default:
                Append();
                break;
        }
    }

    public void Append()
    {
        EndLine();
        var lines = Enumerable.Range(0, random.Next(1, 6)).Select(_ => NewLine()).ToList();
        File.AppendAllText(path, string.Concat(lines.Select(line => line + "\n")));
        _held[path].AddRange(lines);
    }

    /// <summary>Writes the second part of a line of which the first is written.</summary>
    public void EndLine()
    {
        if (_half is not null)
        {
            File.AppendAllText(path, _half + "\n");
            _half = null;
        }
    }

    private void Half()
    {
        EndLine();
        var line = NewLine();
        File.AppendAllText(path, line[..3]);
        _half = line[3..];
        _held[path].Add(line);
    }

    private string NewLine()
    {
        var line = $"line {_next++} {new string((char)('a' + random.Next(26)), random.Next(1, 200))}";
        Written.Add(line);
        return line;
    }

    private void Rename()
    {
        Note("rename");
        EndLine();
        Shift();
        File.Move(path, path + ".1");
        _held[path + ".1"] = _held[path];
        _held[path] = [];
        File.WriteAllText(path, "");
    }

    private void CopyTruncate()
    {
        Note("copytruncate");
        EndLine();
        Shift();
        File.Copy(path, path + ".1");
        _held[path + ".1"] = _held[path];
        _held[path] = [];
        using var file = File.OpenWrite(path);
        file.SetLength(0);
    }

    private void Shift()
    {
        _shifts++;
        for (var i = _shifts; i > 0; i--)
        {
            foreach (var suffix in (string[])["", ".gz"])
            {
                var from = $"{path}.{i}{suffix}";
                if (File.Exists(from))
                {
                    var to = $"{path}.{i + 1}{suffix}";
                    File.Move(from, to);
                    _held[to] = _held[from];
                    _held.Remove(from);
                }
            }
        }
    }

    private void Pack()
    {
        var rotated = _held.Keys.Where(file => file != path && !file.EndsWith(".gz", StringComparison.Ordinal)).ToList();
        if (rotated.Count == 0)
        {
            return;
        }
        var from = rotated[random.Next(rotated.Count)];
        Note("pack " + Path.GetFileName(from));
        using (var file = File.Create(from + ".gz"))
        {
            using var gzip = new GZipStream(file, CompressionLevel.Fastest);
            gzip.Write(Encoding.UTF8.GetBytes(File.ReadAllText(from)));
        }
        File.SetLastWriteTimeUtc(from + ".gz", File.GetLastWriteTimeUtc(from));
        File.Delete(from);
        _held[from + ".gz"] = _held[from];
        _held.Remove(from);
    }

    private void DeleteOldest()
    {
        var oldest = _held.Keys.Where(file => file != path).OrderByDescending(file => file.Length).ThenByDescending(file => file).FirstOrDefault();
        if (oldest is not null && _held[oldest].TrueForAll(line => isShipped(line)))
        {
            Note("delete " + Path.GetFileName(oldest));
            File.Delete(oldest);
            _held.Remove(oldest);
        }
    }

    private void Recreate()
    {
        EndLine();
        if (_held[path].TrueForAll(line => isShipped(line)))
        {
            Note("recreate");
            File.Delete(path);
            File.WriteAllText(path, "");
            _held[path] = [];
        }
    }

    private void Note(string what) => _history.Append(what).Append(' ').Append(_next).Append("; ");
}
