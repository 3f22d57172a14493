using MeaiRouter.Caching;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MeaiRouter.Tests.Caching;

public sealed class StoreTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static TheoryData<bool> Kinds => [false, true];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_kept_is_found_until_its_time_is_over(bool distributed)
    {
        using var memory = new MemoryCache(new MemoryCacheOptions { SizeLimit = 1_000 });
        IResponseCacheStore store = distributed
            ? new DistributedResponseCacheStore(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())))
            : new MemoryResponseCacheStore(memory);

        Assert.Null(await store.GetAsync("k", default));
        await store.SetAsync("k", "one"u8.ToArray(), Minute, default);
        await store.SetAsync("k", "two"u8.ToArray(), Minute, default);
        await store.SetAsync("short", "gone"u8.ToArray(), TimeSpan.FromMilliseconds(1), default);
        await Task.Delay(TimeSpan.FromMilliseconds(50));

        Assert.Equal("two"u8.ToArray(), (await store.GetAsync("k", default))!.Value.ToArray());
        Assert.Null(await store.GetAsync("short", default));
    }

    [Fact]
    public async Task The_builder_takes_the_stores_of_the_services_the_nearest_first()
    {
        var distributed = new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
        var own = new DistributedResponseCacheStore(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())));
        foreach (var services in (IServiceCollection[])
        [
            new ServiceCollection(),
            new ServiceCollection().AddSingleton<IDistributedCache>(distributed),
            new ServiceCollection().AddSingleton<IDistributedCache>(distributed).AddSingleton<IResponseCacheStore>(own),
        ])
        {
            var inner = new TestChatClient("Hello");
            using var provider = services.BuildServiceProvider();
            var client = inner.AsBuilder().UseResponseCache().Build(provider);

            await client.GetResponseAsync("Hi");
            var again = await client.GetResponseAsync("Hi");

            // Neither of the first two filled the store of the third.
            Assert.True(again.GetRouteTrace()!.Cache!.IsHit);
            Assert.Single(inner.Requests);
        }
    }
}
