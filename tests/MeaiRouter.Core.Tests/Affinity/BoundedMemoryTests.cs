using System.Globalization;
using System.Runtime.CompilerServices;
using MeaiRouter.Affinity;
using MeaiRouter.Collections;
using MeaiRouter.Core.Tests.Fakes;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Affinity.Conversation;

namespace MeaiRouter.Core.Tests.Affinity;

/// <summary>Alone, because the memory measured is that of the whole process.</summary>
[Collection(nameof(BoundedMemoryTests))]
[CollectionDefinition(nameof(BoundedMemoryTests), DisableParallelization = true)]
public sealed class BoundedMemoryTests
{
    private const int Capacity = 10_000;
    private const int Million = 1_000_000;

    [Fact]
    public void A_million_conversations_leave_as_many_as_there_is_room_for()
    {
        var map = new SecondChanceMap<object>(Capacity);
        var value = new object();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var key = 0UL; key < Million; key++)
            map.Set(key, value);

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        var kept = Enumerable.Range(0, Million).Where(key => map.Find((ulong)key) is not null).ToList();
        Assert.Equal(Enumerable.Range(Million - Capacity, Capacity), kept);
        Assert.InRange(grown, 0, 300 * Capacity);
    }

    [Fact]
    public void Whoever_is_asked_for_now_and_then_outlives_a_million_who_are_not()
    {
        var map = new SecondChanceMap<object>(Capacity);
        var (busy, idle) = (new object(), new object());
        map.Set(ulong.MaxValue, busy);
        map.Set(ulong.MaxValue - 1, idle);

        for (var key = 0UL; key < Million; key++)
        {
            map.Set(key, map);
            if (key % (Capacity / 2) == 0)
                Assert.Same(busy, map.Find(ulong.MaxValue));
        }

        Assert.Null(map.Find(ulong.MaxValue - 1));
    }

    [Fact]
    public void Where_all_are_asked_for_there_is_still_room_for_one_more()
    {
        var map = new SecondChanceMap<string>(3);
        for (var key = 1UL; key <= 3; key++)
        {
            map.Set(key, $"{key}");
            map.Find(key);
        }

        map.Set(4, "4");

        Assert.Equal((null, "2", "3", "4"), (map.Find(1), map.Find(2), map.Find(3), map.Find(4)));
    }

    [Fact]
    public void A_value_set_again_takes_the_place_of_the_first()
    {
        var map = new SecondChanceMap<string>(2);
        map.Set(1, "old");
        map.Set(1, "new");
        map.Set(2, "other");

        Assert.Equal(("new", "other"), (map.Find(1), map.Find(2)));
    }

    [Fact]
    public void Under_concurrency_every_key_keeps_its_own_value_and_the_room_is_never_exceeded()
    {
        const int Room = 100;
        const int Keys = 1_000;

        var map = new SecondChanceMap<string>(Room);
        Parallel.For(0, 8, worker =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 50_000; i++)
            {
                var key = (ulong)random.Next(Keys);
                if (random.Next(3) == 0)
                    map.Set(key, key.ToString(CultureInfo.InvariantCulture));
                else if (map.Find(key) is { } value)
                    Assert.Equal(key.ToString(CultureInfo.InvariantCulture), value);
            }
        });

        Assert.Equal(Room, Enumerable.Range(0, Keys).Count(key => map.Find((ulong)key) is not null));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Beyond_the_capacity_the_conversation_least_asked_for_is_forgotten(bool streaming)
    {
        var conversation = new Conversation(options => options.Affinity.Capacity = 2, Answering("a"), Answering("b")) { First = "b" };
        await conversation.AskAsync(streaming, Session("1"));
        await conversation.AskAsync(streaming, Session("2"));
        await conversation.AskAsync(streaming, Session("1"));
        await conversation.AskAsync(streaming, Session("3"));
        conversation.First = "a";

        Assert.Equal("b", await conversation.AnswererAsync(streaming, Session("1")));
        Assert.Equal("b", await conversation.AnswererAsync(streaming, Session("3")));
        Assert.Equal("a", await conversation.AnswererAsync(streaming, Session("2")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_sessions_at_once_each_stay_where_they_began(bool streaming)
    {
        var conversation = new Conversation(Answering("a"), Answering("b")) { First = "b" };
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => conversation.AskAsync(streaming, Session($"b-{i}"))));
        conversation.First = "a";
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => conversation.AskAsync(streaming, Session($"a-{i}"))));

        for (var turn = 0; turn < 3; turn++)
        {
            conversation.First = turn % 2 == 0 ? "a" : "b";
            var answerers = await Task.WhenAll(
                Enumerable.Range(0, 200).Select(i => conversation.AnswererAsync(streaming, Session(i < 100 ? $"b-{i}" : $"a-{i - 100}"))));

            Assert.All(answerers[..100], answerer => Assert.Equal("b", answerer));
            Assert.All(answerers[100..], answerer => Assert.Equal("a", answerer));
        }
    }

    [Fact]
    public void What_was_said_is_not_remembered()
    {
        var table = new AffinityTable(new AffinityOptions(), new ManualTimeProvider());

        var (turn, text) = TurnOf(table);
        GC.Collect();

        Assert.False(text.TryGetTarget(out _));
        GC.KeepAlive(turn);
    }

    [Fact]
    public void The_options_have_documented_defaults_and_refuse_nonsense()
    {
        var options = new AffinityOptions();

        Assert.Equal((true, 10_000, TimeSpan.FromMinutes(10)), (options.Enabled, options.Capacity, options.TimeToLive));
        Assert.Throws<ArgumentOutOfRangeException>(() => options.Capacity = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => options.TimeToLive = TimeSpan.Zero);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (ConversationTurn Turn, WeakReference<string> Text) TurnOf(AffinityTable table)
    {
        var text = new string('x', 1000);
        return (ConversationTurn.Of(table, [new(ChatRole.User, text)], new() { Instructions = text }, text, caller: null), new(text));
    }
}
