using System.Diagnostics;
using System.Text;
using Pharos.Collection.Shipping.Files;
using Pharos.Collection.Shipping.Files.Bzip2;

namespace Pharos.Collection.Tests.Shipping;

public sealed class Bzip2Tests
{
    /// <summary><c>hello, hello</c> and a newline, packed by bzip2 1.0.8.</summary>
    private static readonly byte[] Hello = Convert.FromBase64String("QlpoOTFBWSZTWZ88EfMAAANRAAAQQAQCRKAAISmjEIYC8oNwoeLuSKcKEhPngj5g");

    [Fact]
    public void A_small_file_is_unpacked() => Assert.Equal("hello, hello\n", Encoding.UTF8.GetString(Unpack(Hello)));

    [Fact]
    public void The_file_of_the_corpus_is_unpacked() => Assert.Equal(
        File.ReadAllBytes(Conformance.Require("loki", "alloy-file", "onelinelog.log")),
        Unpack(File.ReadAllBytes(Conformance.Require("loki", "alloy-file", "onelinelog.log.bz2"))));

    [Fact]
    public void Files_one_behind_the_other_are_one() =>
        Assert.Equal("hello, hello\nhello, hello\n", Encoding.UTF8.GetString(Unpack([.. Hello, .. Hello])));

    [Fact]
    public void An_empty_file_has_nothing() => Assert.Empty(Unpack([]));

    [Fact]
    public void A_file_that_is_cut_anywhere_is_refused()
    {
        for (var length = 1; length < Hello.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Unpack(Hello[..length]));
        }
    }

    [Fact]
    public void A_wrong_bit_anywhere_is_noticed_or_changes_nothing()
    {
        // The bits behind the end, up to a whole byte, mean nothing.
        for (var bit = 0; bit < (Hello.Length - 1) * 8; bit++)
        {
            var wrong = (byte[])Hello.Clone();
            wrong[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            try
            {
                // Some change nothing: the level, and the codes of symbols that do not occur.
                Assert.Equal("hello, hello\n", Encoding.UTF8.GetString(Unpack(wrong)));
            }
            catch (InvalidDataException)
            {
                // Noticed.
            }
        }
    }

    [Theory]
    [InlineData(0, 1, 256)]
    [InlineData(1, 9, 256)]
    [InlineData(250_000, 1, 256)]
    [InlineData(250_000, 1, 2)]
    [InlineData(1_000_000, 9, 1)]
    [InlineData(2_000_000, 9, 30)]
    public void What_bzip2_packs_is_unpacked(int bytes, int level, int letters)
    {
        var random = new Random(bytes + letters);
        var plain = new byte[bytes];
        for (var i = 0; i < bytes; i++)
        {
            // Runs of every length up to the longest that one number tells, and beyond.
            var run = random.Next(10) == 0 ? random.Next(600) : 1;
            var letter = (byte)random.Next(letters);
            plain.AsSpan(i, Math.Min(run, bytes - i)).Fill(letter);
            i += Math.Max(0, run - 1);
        }
        Assert.Equal(plain, Unpack(Pack(plain, level)));
    }

    [Fact]
    public void A_packed_file_is_read_from_any_offset()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Hello);
            using var content = new PackedContent(path, PackedFormat.Bzip2);
            var buffer = new byte[100];
            Assert.Equal("lo, hello\n", Encoding.UTF8.GetString(buffer, 0, content.Read(buffer, 3)));
            Assert.Equal(0, content.Read(buffer, 13));
            Assert.Equal("hello, hello\n", Encoding.UTF8.GetString(buffer, 0, content.Read(buffer, 0)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var stream = new Bzip2Stream(new MemoryStream(packed));
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }

    private static byte[] Pack(byte[] plain, int level)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/bzip2") || File.Exists("/bin/bzip2"), "this machine has no bzip2");
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, plain);
            using var process = Process.Start(new ProcessStartInfo("bzip2", ["-c", $"-{level}", path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            using var packed = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(packed);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return packed.ToArray();
        }
        finally
        {
            File.Delete(path);
        }
    }
}
