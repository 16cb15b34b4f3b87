import { stopServices } from './start-services';

export default stopServices;
