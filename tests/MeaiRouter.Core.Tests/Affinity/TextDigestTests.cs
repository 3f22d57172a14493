using MeaiRouter.Affinity;

namespace MeaiRouter.Core.Tests.Affinity;

public sealed class TextDigestTests
{
    [Fact]
    public void A_text_has_the_same_digest_in_every_process()
    {
        Assert.Equal((16922903148815168414UL, 3997946849087030684UL), (Of("Hello there, how are you?"), Of("")));
    }

    [Fact]
    public void Texts_do_not_run_into_each_other()
    {
        Assert.Equal(6, new[] { Of("abc"), Of("ab", "c"), Of("a", "bc"), Of("abc", ""), Of("", "abc"), Of("abc\0") }.Distinct().Count());
    }

    [Fact]
    public void A_hundred_thousand_similar_texts_have_as_many_digests_over_all_their_bits()
    {
        var digests = Enumerable.Range(0, 100_000).Select(i => Of($"session-{i}")).ToList();

        Assert.Equal(digests.Count, digests.Distinct().Count());
        for (var bit = 0; bit < 64; bit++)
            Assert.InRange(digests.Count(digest => (digest >> bit & 1) == 1), 49_000, 51_000);
    }

    [Fact]
    public void Every_character_of_a_long_text_counts()
    {
        var text = new string('x', 100);
        var changed = Enumerable.Range(0, text.Length).Select(i => Of(text.Remove(i, 1).Insert(i, "y")));

        Assert.Equal(101, changed.Append(Of(text)).Distinct().Count());
    }

    private static ulong Of(params string[] texts)
    {
        var digest = new TextDigest(0);
        foreach (var text in texts)
            digest.Add(text);
        return digest.Value;
    }
}
