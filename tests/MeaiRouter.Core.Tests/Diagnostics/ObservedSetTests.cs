using System.Runtime.CompilerServices;
using MeaiRouter.Diagnostics;

namespace MeaiRouter.Core.Tests.Diagnostics;

public sealed class ObservedSetTests
{
    [Fact]
    public void One_with_two_users_is_observed_until_both_have_left()
    {
        var set = new ObservedSet<object>();
        var shared = new object();

        set.Add(shared);
        set.Add(shared);
        set.Remove(shared);
        Assert.Equal([shared], set.Living());

        set.Remove(shared);
        set.Remove(shared);
        Assert.Empty(set.Living());
    }

    [Fact]
    public void One_that_was_forgotten_is_not_kept_alive()
    {
        var set = new ObservedSet<object>();
        var forgotten = Forget(set);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.False(forgotten.IsAlive);
        Assert.Empty(set.Living());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forget(ObservedSet<object> set)
    {
        var forgotten = new object();
        set.Add(forgotten);
        return new WeakReference(forgotten);
    }
}
