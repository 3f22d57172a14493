namespace MeaiRouter.Layers;

/// <summary>What the layers of all pipelines built from one builder share: registered as scoped or transient they must not forget what they spent or learned.</summary>
internal sealed class OncePerBuilder<T>
    where T : class
{
    private readonly Lock _making = new();
    private T? _made;

    public T Get(Func<T> make)
    {
        lock (_making)
            return _made ??= make();
    }
}
