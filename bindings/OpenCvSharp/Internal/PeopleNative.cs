using System.Runtime.InteropServices;

namespace OpenCvSharp.Internal;

/// <summary>Imports of native/people.cpp (background subtraction and the HOG people detector), one line each.</summary>
internal static unsafe partial class PeopleNative
{
    [LibraryImport(Bridge.Library, EntryPoint = "mog2_new")]
    internal static partial int Mog2New(int history, double threshold, int shadows, out Mog2Handle subtractor);

    [LibraryImport(Bridge.Library, EntryPoint = "mog2_delete")]
    internal static partial int Mog2Delete(nint subtractor);

    [LibraryImport(Bridge.Library, EntryPoint = "mog2_apply")]
    internal static partial int Mog2Apply(Mog2Handle subtractor, MatHandle image, MatHandle mask, double rate);

    [LibraryImport(Bridge.Library, EntryPoint = "mog2_background")]
    internal static partial int Mog2Background(Mog2Handle subtractor, MatHandle image);

    [LibraryImport(Bridge.Library, EntryPoint = "mog2_get")]
    internal static partial int Mog2Get(Mog2Handle subtractor, int property, out double value);

    [LibraryImport(Bridge.Library, EntryPoint = "mog2_set")]
    internal static partial int Mog2Set(Mog2Handle subtractor, int property, double value);

    [LibraryImport(Bridge.Library, EntryPoint = "hog_new")]
    internal static partial int HogNew(out HogHandle hog);

    [LibraryImport(Bridge.Library, EntryPoint = "hog_delete")]
    internal static partial int HogDelete(nint hog);

    [LibraryImport(Bridge.Library, EntryPoint = "hog_default_people_detector")]
    internal static partial int HogDefaultPeopleDetector(out float* values, out int count);

    [LibraryImport(Bridge.Library, EntryPoint = "hog_set_svm_detector")]
    internal static partial int HogSetSvmDetector(HogHandle hog, ReadOnlySpan<float> values, int count);

    [LibraryImport(Bridge.Library, EntryPoint = "hog_detect_multi_scale")]
    internal static partial int HogDetectMultiScale(
        HogHandle hog, MatHandle image, double threshold, int strideX, int strideY, int paddingX, int paddingY, double scale, int group,
        BufferHandle boxes, BufferHandle weights);
}
